import type { Logger } from 'pino';
import { createAccounts } from '../accounts/accounts.ts';
import { createGames } from '../games/games.ts';
import { createReviews } from '../reviews/repository.ts';
import { createDatabase, type Connection } from './database.ts';
import type { StorageConfig } from './settings.ts';
import type { Storage } from './storage.ts';

export interface StorageDependencies {
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

export function openStorage(config: StorageConfig, { log, now }: StorageDependencies): Storage {
  const { kind } = config.database;
  const isKept = kind === 'postgresql' || config.database.path !== ':memory:';
  const database = createDatabase({
    connect: connector(config, log),
    timeoutMs: config.timeoutMs,
    migrated(changes) {
      if (isKept) log.info({ changes }, 'Brought the tables of the database up to date');
    },
  });
  return {
    kind,
    games: createGames(database),
    accounts: createAccounts(database),
    reviews: createReviews(database, now),
    check: () =>
      database.run(async (db) => {
        await db.selectFrom('games').select('number').limit(1).execute();
      }),
    close: () => database.close(),
  };
}

/** Each driver is loaded only where it is used, and at once, so that the first use need not wait for it. */
function connector(config: StorageConfig, log: Logger): () => Promise<Connection> {
  const { database, timeoutMs, connections } = config;
  if (database.kind === 'sqlite') {
    const loaded = import('./sqlite.ts');
    return async () => (await loaded).connectSqlite(database.path);
  }
  const loaded = import('./postgresql.ts');
  return async () =>
    (await loaded).connectPostgresql({
      url: database.url,
      timeoutMs,
      connections,
      lost: (error) => log.warn({ err: error }, 'Lost a connection to the database'),
    });
}
