import type { Socket } from 'node:net';
import { Kysely, PostgresDialect, type PostgresPool, type PostgresPoolClient } from 'kysely';
import { Pool, type PoolClient } from 'pg';
import type { Connection } from './database.ts';
import { noAnswer, type DatabaseError } from './database-error.ts';
import { POSTGRESQL } from './dialect.ts';
import { isLoss, postgresqlError } from './postgresql-error.ts';
import { createSocket } from './postgresql-socket.ts';
import type { Tables } from './tables.ts';

export interface PostgresqlOptions {
  readonly url: string;
  /** How long a connection, and the answer to a query, may take. */
  readonly timeoutMs: number;
  /** The most that are open at once. */
  readonly connections: number;
  /** Hears of a connection that was lost while nobody used it. */
  readonly lost: (error: DatabaseError) => void;
}

export function connectPostgresql(options: PostgresqlOptions): Connection {
  const { url, timeoutMs, connections, lost } = options;
  const sockets = new Set<Socket>();
  const pool = new Pool({
    connectionString: url,
    max: connections,
    connectionTimeoutMillis: timeoutMs,
    // A statement that only takes long is ended by the server, a little earlier: then the connection stays good, and nothing
    // goes on there that nobody waits for.
    statement_timeout: Math.ceil(timeoutMs * 0.9),
    stream: () => {
      const socket = createSocket();
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
  });
  // Without these listeners the loss of a connection would end the process: the pool's hears of those that lie idle.
  pool.on('error', (error) => lost(postgresqlError(error)));
  pool.on('connect', (client) => client.on('error', () => undefined));

  const db = new Kysely<Tables>({
    dialect: new PostgresDialect({ pool: guarded(pool, timeoutMs) }),
  });
  let closing: Promise<void> | undefined;
  return {
    db,
    dialect: POSTGRESQL,
    close() {
      closing ??= pool.end();
      // The pool would wait for every query that is under way.
      for (const socket of sockets) socket.destroy();
      return closing;
    },
  };
}

function guarded(pool: Pool, timeoutMs: number): PostgresPool {
  return {
    async connect() {
      try {
        return bounded(await pool.connect(), timeoutMs);
      } catch (error) {
        throw postgresqlError(error);
      }
    },
    end: () => pool.end(),
  };
}

/** Gives up a connection whose query does not end: its answer might come later, as the answer to another one. */
function bounded(client: PoolClient, timeoutMs: number): PostgresPoolClient {
  let lost: DatabaseError | undefined;
  return {
    async query<R>(sql: unknown, parameters?: readonly unknown[]) {
      // What is to undo a transaction must not wait as long once more.
      if (lost) throw lost;
      try {
        const answer = client.query(sql as string, parameters as unknown[]);
        return (await within(timeoutMs, answer)) as unknown as R;
      } catch (error) {
        const failure = postgresqlError(error);
        if (isLoss(failure)) lost = failure;
        throw failure;
      }
    },
    // The pool destroys what is released with an error.
    release: () => client.release(lost),
  } as PostgresPoolClient;
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(noAnswer(ms)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
