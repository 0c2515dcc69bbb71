import type { Kysely } from 'kysely';
import type { Dialect } from '../dialect.ts';
import * as games from './0001-games.ts';
import * as accounts from './0002-accounts.ts';
import * as reviews from './0003-reviews.ts';
import * as seed from './0004-seed.ts';

/** Every change to the tables, in its order. One that has been released is never edited: what it lacks becomes another one. */
export const MIGRATIONS: Readonly<Record<string, Change>> = {
  '0001-games': games,
  '0002-accounts': accounts,
  '0003-reviews': reviews,
  '0004-seed': seed,
};

export interface Change {
  // oxlint-disable-next-line typescript/no-explicit-any -- what the tables are before it, no type of today says
  readonly up: (db: Kysely<any>, dialect: Dialect) => Promise<void>;
}
