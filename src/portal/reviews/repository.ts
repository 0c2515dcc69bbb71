import type { ExpressionBuilder, Selectable } from 'kysely';
import type { Database } from '../storage/database.ts';
import { isStorable, LARGEST_INTEGER, type Tables } from '../storage/tables.ts';
import type { Review, ReviewContent, Reviews } from './reviews.ts';

/** @param now milliseconds since 1970 */
export function createReviews(database: Database, now: () => number): Reviews {
  const changed = async (
    gameId: string,
    id: number,
    change: (of: ExpressionBuilder<Tables, 'reviews'>) => object,
  ) => {
    if (!canBe(gameId, id)) return undefined;
    const row = await database.run((db) =>
      db
        .updateTable('reviews')
        .set(change)
        .where('game_id', '=', gameId)
        .where('id', '=', id)
        .returning(fields)
        .executeTakeFirst(),
    );
    return row && reviewOf(row);
  };

  return {
    async list(gameId, { offset, limit }) {
      if (!isStorable(gameId)) return { count: 0, results: [] };
      return database.run(async (db) => {
        const ofGame = db.selectFrom('reviews').where('game_id', '=', gameId);
        const { count } = await ofGame
          .select((of) => of.fn.countAll().as('count'))
          .executeTakeFirstOrThrow();
        const page = ofGame.select(fields).orderBy('id', 'desc').offset(offset).limit(limit);
        return { count: Number(count), results: (await page.execute()).map(reviewOf) };
      });
    },
    async find(gameId, id) {
      if (!canBe(gameId, id)) return undefined;
      const row = await database.run((db) =>
        db
          .selectFrom('reviews')
          .select(fields)
          .where('game_id', '=', gameId)
          .where('id', '=', id)
          .executeTakeFirst(),
      );
      return row && reviewOf(row);
    },
    async add(gameId, userId, { rating_out_of_five, text }) {
      const created_at = new Date(now()).toISOString();
      const row = await database.run((db) =>
        db
          .insertInto('reviews')
          .values({ game_id: gameId, user_id: userId, rating_out_of_five, text, created_at })
          .returning(fields)
          .executeTakeFirstOrThrow(),
      );
      return reviewOf(row);
    },
    replace: (gameId, id, { rating_out_of_five, text }: ReviewContent) =>
      changed(gameId, id, () => ({ rating_out_of_five, text })),
    vote: (gameId, id, by) => changed(gameId, id, (of) => ({ votes: of('votes', '+', by) })),
    async remove(gameId, id) {
      if (!canBe(gameId, id)) return false;
      const { numDeletedRows } = await database.run((db) =>
        db
          .deleteFrom('reviews')
          .where('game_id', '=', gameId)
          .where('id', '=', id)
          .executeTakeFirst(),
      );
      return numDeletedRows > 0n;
    },
  };
}

/** Who wrote it is looked up by the same statement, also where that one writes. */
function fields(of: ExpressionBuilder<Tables, 'reviews'>) {
  return [
    'id',
    'game_id',
    'user_id',
    of
      .selectFrom('accounts')
      .select('accounts.username')
      .whereRef('accounts.id', '=', 'reviews.user_id')
      .$asScalar()
      .as('username'),
    'rating_out_of_five',
    'text',
    'votes',
    'created_at',
  ] as const;
}

function reviewOf({ created_at, username, ...row }: Row): Review {
  const { id, game_id, user_id, rating_out_of_five, text, votes } = row;
  return {
    id,
    game_id,
    user_id,
    // A review is kept only as long as the account of its writer.
    username: username ?? '',
    rating_out_of_five,
    text,
    votes,
    // PostgreSQL's driver hands over a Date.
    created_at: new Date(created_at).toISOString(),
  };
}

type Row = Selectable<Tables['reviews']> & { readonly username: string | null };

/** Databases would call an id that no column holds a mistake of ours. */
function canBe(gameId: string, id: number): boolean {
  return isStorable(gameId) && id <= LARGEST_INTEGER;
}
