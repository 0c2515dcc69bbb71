import type { Kysely } from 'kysely';
import type { Database } from '../storage/database.ts';
import { isStorable, LARGEST_INTEGER, type Tables } from '../storage/tables.ts';
import type { Slice, Window } from './page.ts';

/** A game as clients see it: exactly these nine fields, in this order. */
export interface Game {
  readonly game_id: string;
  readonly name: string;
  readonly desc: string;
  readonly client_url: string;
  readonly cover_art: string | null;
  readonly banner_art: string | null;
  readonly stats_config: string | null;
  /** Active, inactive (hidden) or coming soon. */
  readonly game_state: 'ACT' | 'INA' | 'CMS';
  /** Single player, multiplayer, multiplayer and single player. */
  readonly game_type: 'SPO' | 'MPO' | 'MSP';
}

/** Where games are kept. Inactive games are as if they did not exist. */
export interface Games {
  /** By name. */
  list(window: Window): Promise<Slice<Game>>;
  find(gameId: string): Promise<Game | undefined>;
  /** By the number of its row, from 1. */
  findByNumber(number: number): Promise<Game | undefined>;
}

export function createGames(database: Database): Games {
  const shown = (db: Kysely<Tables>) => db.selectFrom('games').where('game_state', '<>', 'INA');
  return {
    list: ({ offset, limit }) =>
      database.run(async (db) => {
        const { count } = await shown(db)
          .select((of) => of.fn.countAll().as('count'))
          .executeTakeFirstOrThrow();
        const page = shown(db).select(FIELDS).orderBy('name').orderBy('number');
        const results = await page.offset(offset).limit(limit).execute();
        return { count: Number(count), results };
      }),
    async find(gameId) {
      if (!isStorable(gameId)) return undefined;
      return database.run((db) =>
        shown(db).select(FIELDS).where('game_id', '=', gameId).executeTakeFirst(),
      );
    },
    async findByNumber(number) {
      if (!(number <= LARGEST_INTEGER)) return undefined;
      return database.run((db) =>
        shown(db).select(FIELDS).where('number', '=', number).executeTakeFirst(),
      );
    },
  };
}

const FIELDS = [
  'game_id',
  'name',
  'desc',
  'client_url',
  'cover_art',
  'banner_art',
  'stats_config',
  'game_state',
  'game_type',
] as const satisfies readonly (keyof Game)[];
