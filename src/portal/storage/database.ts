import type { Kysely } from 'kysely';
import { DatabaseError } from './database-error.ts';
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
  close(): Promise<void>;
}

/** Whatever it throws for the database's sake is a DatabaseError. */
export interface Connection {
  readonly db: Kysely<Tables>;
  readonly dialect: Dialect;
  close(): Promise<void>;
}

export function createDatabase(connect: () => Promise<Connection>): Database {
  let opening: Promise<Connection> | undefined;
  let closed = false;

  async function open(): Promise<Connection> {
    const connection = await connect();
    try {
      await migrate(connection);
      return connection;
    } catch (error) {
      await connection.close();
      throw error;
    }
  }

  function opened(): Promise<Connection> {
    if (closed) throw new DatabaseError('08003', 'the storage is closed');
    // Whoever comes while it is opened waits for the same opening; after a failure the next one tries again.
    opening ??= open().catch((error: unknown) => {
      opening = undefined;
      throw error;
    });
    return opening;
  }

  return {
    async run(work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          return await work((await opened()).db);
        } catch (error) {
          if (!isWorthAnother(error) || attempt === ATTEMPTS) throw error;
        }
      }
    },
    async close() {
      closed = true;
      const connection = await opening?.catch(() => undefined);
      await connection?.close();
    },
  };
}

/** Two transactions were in each other's way: the database has undone this one, and it may well go through now. */
function isWorthAnother(error: unknown): boolean {
  return error instanceof DatabaseError && (error.code === '40001' || error.code === '40P01');
}

const ATTEMPTS = 3;
