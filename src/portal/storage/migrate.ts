import { Migrator, type Migration } from 'kysely';
import type { Connection } from './database.ts';
import { MIGRATIONS } from './migrations/index.ts';

/**
 * Brings the tables up to date, and gives the names of the changes that were made now. Several portals may do so at once: PostgreSQL
 * lets one after the other, SQLite tells those that came late to begin again.
 * @throws {DatabaseError}
 */
export async function migrate({ db, dialect }: Connection): Promise<readonly string[]> {
  const migrations = Object.entries(MIGRATIONS).map(([name, { up }]): [string, Migration] => [
    name,
    { up: (db) => up(db, dialect) },
  ]);
  const provider = { getMigrations: async () => Object.fromEntries(migrations) };
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
  return results.map(({ migrationName }) => migrationName);
}
