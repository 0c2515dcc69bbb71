import type { Kysely } from 'kysely';
import { atMost, oneOf } from '../checks.ts';
import type { Dialect } from '../dialect.ts';

export async function up(db: Kysely<unknown>, { text, numbered, options }: Dialect): Promise<void> {
  await db.schema
    .createTable('games')
    .addColumn('number', 'integer', (column) => numbered(column.primaryKey()))
    .addColumn('game_id', text, (column) => column.notNull())
    .addColumn('name', text, (column) => column.notNull())
    .addColumn('desc', text, (column) => column.notNull())
    .addColumn('client_url', text, (column) => column.notNull())
    .addColumn('cover_art', text)
    .addColumn('banner_art', text)
    .addColumn('stats_config', text)
    .addColumn('game_state', text, (column) => column.notNull())
    .addColumn('game_type', text, (column) => column.notNull())
    .addUniqueConstraint('games_game_id_key', ['game_id'])
    .addCheckConstraint('games_game_id_length', atMost(10, 'game_id'))
    .addCheckConstraint('games_name_length', atMost(40, 'name'))
    .addCheckConstraint('games_desc_length', atMost(180, 'desc'))
    .addCheckConstraint('games_client_url_length', atMost(160, 'client_url'))
    .addCheckConstraint('games_game_state_check', oneOf('game_state', ['ACT', 'INA', 'CMS']))
    .addCheckConstraint('games_game_type_check', oneOf('game_type', ['SPO', 'MPO', 'MSP']))
    .modifyEnd(options)
    .execute();
  await db.schema.createIndex('games_name_idx').on('games').column('name').execute();
}
