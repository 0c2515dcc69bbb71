import { DEFAULT_MIGRATION_TABLE, Migrator, type Kysely, type Migration } from 'kysely';
import { DatabaseError } from './database-error.ts';
import type { Connection } from './database.ts';
import { MIGRATIONS } from './migrations/index.ts';

/**
 * Brings the tables up to date, and gives the names of the changes that were made now. Several portals may do so at once: PostgreSQL
 * lets one after the other, SQLite tells those that came late to begin again.
 * @throws {DatabaseError}
 */
export async function migrate({ db, dialect }: Connection): Promise<readonly string[]> {
  // Nearly always there is nothing to do, and this is the quickest way to know. A newer portal may have made more changes.
  const made = await madeSoFar(db);
  if (Object.keys(MIGRATIONS).every((name) => made.has(name))) return [];
  const migrations = Object.entries(MIGRATIONS).map(([name, { up }]): [string, Migration] => [
    name,
    { up: (db) => up(db, dialect) },
  ]);
  const provider = { getMigrations: async () => Object.fromEntries(migrations) };
  const { error, results = [] } = await new Migrator({ db, provider }).migrateToLatest();
  if (error !== undefined) throw error;
  return results.map(({ migrationName }) => migrationName);
}

// oxlint-disable-next-line typescript/no-explicit-any -- the migrator's own table is none of ours
async function madeSoFar(db: Kysely<any>): Promise<ReadonlySet<string>> {
  try {
    const rows = await db.selectFrom(DEFAULT_MIGRATION_TABLE).select('name').execute();
    return new Set(rows.map(({ name }) => String(name)));
  } catch (error) {
    if (error instanceof DatabaseError && error.code === NO_SUCH_TABLE) return new Set();
    throw error;
  }
}

const NO_SUCH_TABLE = '42P01';
