import { createAccounts } from '../accounts/accounts.ts';
import { createGames } from '../games/games.ts';
import { createReviews } from '../reviews/repository.ts';
import { createDatabase, type Connection } from './database.ts';
import type { StorageConfig } from './settings.ts';
import type { Storage } from './storage.ts';

export interface StorageDependencies {
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function openStorage(config: StorageConfig, { now }: StorageDependencies): Storage {
  const database = createDatabase(() => connect(config));
  return {
    kind: config.database.kind,
    games: createGames(database),
    accounts: createAccounts(database),
    reviews: createReviews(database, now),
    check: () =>
      database.run(
        async (db) => void (await db.selectFrom('games').select('number').limit(1).execute()),
      ),
    close: () => database.close(),
  };
}

async function connect({ database }: StorageConfig): Promise<Connection> {
  if (database.kind === 'postgresql') throw new Error('not yet');
  // Loaded when it is needed, so that a portal on one database does without the other's driver.
  const { connectSqlite } = await import('./sqlite.ts');
  return connectSqlite(database.path);
}
