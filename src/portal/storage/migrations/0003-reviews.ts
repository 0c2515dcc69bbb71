import { sql, type Kysely } from 'kysely';
import { integer } from '../checks.ts';
import type { Dialect } from '../dialect.ts';

export async function up(
  db: Kysely<unknown>,
  { text, time, numbered, options }: Dialect,
): Promise<void> {
  await db.schema
    .createTable('reviews')
    .addColumn('id', 'integer', (column) => numbered(column.primaryKey()))
    .addColumn('game_id', text, (column) => column.notNull())
    .addColumn('user_id', text, (column) => column.notNull())
    .addColumn('rating_out_of_five', 'integer', (column) => column.notNull())
    .addColumn('text', text, (column) => column.notNull())
    .addColumn('votes', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('created_at', time, (column) => column.notNull())
    .addForeignKeyConstraint('reviews_game_id_fkey', ['game_id'], 'games', ['game_id'])
    .addForeignKeyConstraint('reviews_user_id_fkey', ['user_id'], 'accounts', ['id'])
    .addUniqueConstraint('reviews_game_id_user_id_key', ['game_id', 'user_id'])
    .addCheckConstraint('reviews_rating_out_of_five_check', sql`rating_out_of_five between 1 and 5`)
    .addCheckConstraint('reviews_text_length', sql`length(text) between 1 and 2000`)
    .addCheckConstraint('reviews_votes_range', integer('votes'))
    .modifyEnd(options)
    .execute();
  // A list of reviews is of one game, the newest first.
  await db.schema
    .createIndex('reviews_game_id_id_idx')
    .on('reviews')
    .columns(['game_id', 'id'])
    .execute();
}
