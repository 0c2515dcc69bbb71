import type { Kysely } from 'kysely';
import { SEED_ACCOUNTS } from '../../accounts/seed.ts';
import { rowOf } from '../../accounts/accounts.ts';
import { CATALOGUE } from '../../games/catalogue.ts';
import type { Tables } from '../tables.ts';

/** Being a migration, it happens once: what people change or remove afterwards stays so. */
export async function up(db: Kysely<Tables>): Promise<void> {
  await db.insertInto('games').values(CATALOGUE).execute();
  await db.insertInto('accounts').values(SEED_ACCOUNTS.map(rowOf)).execute();
}
