import { setTimeout as pause } from 'node:timers/promises';
import type { Kysely } from 'kysely';
import { DatabaseError, noAnswer } from './database-error.ts';
import type { Dialect } from './dialect.ts';
import { migrate } from './migrate.ts';
import type { Tables } from './tables.ts';

/** A database as the repositories use it. */
export interface Database {
  /**
   * Runs work on the tables, which the first work of all creates. Work may be run again, so it is one statement or one transaction.
   * @throws {DatabaseError} and whatever the work itself throws
   */
  run<T>(work: (db: Kysely<Tables>) => Promise<T>): Promise<T>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** Whatever it throws for the database's sake is a DatabaseError. */
export interface Connection {
  readonly db: Kysely<Tables>;
  readonly dialect: Dialect;
  /** Its tables have been made or changed, and nothing else was done yet. */
  migrated?(): void;
  /** Ends what is under way. May be called twice. */
  close(): Promise<void>;
}

export interface DatabaseOptions {
  readonly connect: () => Promise<Connection>;
  /** How long work may take in all, in milliseconds. */
  readonly timeoutMs: number;
  /** Hears which changes were made to the tables. */
  readonly migrated: (changes: readonly string[]) => void;
}

export function createDatabase({ connect, timeoutMs, migrated }: DatabaseOptions): Database {
  const underWay = new Set<(reason: DatabaseError) => void>();
  let connection: Connection | undefined;
  let opening: Promise<Kysely<Tables>> | undefined;
  let closed = false;

  return {
    run: (work) => bounded(repeated(async () => work(await opened()))),
    async close() {
      closed = true;
      for (const giveUp of underWay) giveUp(isClosed());
      await connection?.close();
      await opening?.catch(() => undefined);
    },
  };

  /** Whoever comes while it is opened waits for the same opening; after a failure the next one tries again. */
  async function opened(): Promise<Kysely<Tables>> {
    if (closed) throw isClosed();
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  async function open(): Promise<Kysely<Tables>> {
    const opened = await connect();
    connection = opened;
    try {
      if (closed) throw isClosed();
      const changes = await migrate(opened);
      if (changes.length > 0) {
        opened.migrated?.();
        migrated(changes);
      }
      return opened.db;
    } catch (error) {
      await opened.close();
      throw error;
    }
  }

  /** The work itself may never end: a pool that is closed forgets those who wait for a connection. */
  function bounded<T>(work: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const end = () => {
        clearTimeout(timer);
        underWay.delete(giveUp);
      };
      const giveUp = (reason: DatabaseError) => {
        end();
        reject(reason);
      };
      const timer = setTimeout(() => giveUp(noAnswer(timeoutMs)), timeoutMs);
      underWay.add(giveUp);
      work.then(resolve, reject).finally(end);
    });
  }
}

async function repeated<T>(work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isWorthAnother(error) || attempt === ATTEMPTS) throw error;
    }
    await pause(attempt * PAUSE_MS);
  }
}

/** Two transactions were in each other's way: the database has undone this one, and it may well go through now. */
function isWorthAnother(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01');
}

function isClosed(): DatabaseError {
  return new DatabaseError('08003', 'the storage is closed');
}

const ATTEMPTS = 4;
const PAUSE_MS = 10;
