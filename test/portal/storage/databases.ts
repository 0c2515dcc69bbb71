import { randomBytes } from 'node:crypto';
import Libsql from 'libsql';
import { Client } from 'pg';
import { DATABASE_URL } from '../../setup.ts';
import { folder } from '../../helpers/folder.ts';

/** A kind of database that the portal keeps its things in. */
export interface Kind {
  readonly name: 'SQLite' | 'PostgreSQL';
  /** An empty database of one's own, gone when it is disposed. */
  create(): Promise<FreshDatabase>;
}

export interface FreshDatabase extends AsyncDisposable {
  /** For DATABASE_URL. */
  readonly url: string;
  /** Runs a statement behind the portal's back. */
  query(statement: string): Promise<readonly Record<string, unknown>[]>;
}

const sqlite: Kind = {
  name: 'SQLite',
  async create() {
    const files = folder();
    const path = files.file('portal.db');
    return {
      url: `sqlite:${path}`,
      async query(statement) {
        const db = new Libsql(path);
        try {
          const prepared = db.prepare(statement);
          if (prepared.reader) return prepared.all([]) as Record<string, unknown>[];
          prepared.run([]);
          return [];
        } finally {
          db.close();
        }
      },
      async [Symbol.asyncDispose]() {
        files[Symbol.dispose]();
      },
    };
  },
};

const postgresqlAt = (server: string): Kind => ({
  name: 'PostgreSQL',
  async create() {
    const name = `brownout_test_${randomBytes(6).toString('hex')}`;
    const url = new URL(server);
    url.pathname = `/${name}`;
    await ask(server, `create database ${name}`);
    return {
      url: url.href,
      query: (statement) => ask(url.href, statement),
      async [Symbol.asyncDispose]() {
        await ask(server, `drop database ${name} with (force)`);
      },
    };
  },
});

async function ask(url: string, statement: string): Promise<readonly Record<string, unknown>[]> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  // What ends it is told by the query.
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

/** Where none is named, one that runs at the usual place serves as well. */
async function usualPlace(): Promise<string | undefined> {
  const { PGUSER = 'postgres', PGPASSWORD = '', PGHOST = '127.0.0.1' } = process.env;
  const user = `${encodeURIComponent(PGUSER)}:${encodeURIComponent(PGPASSWORD)}`;
  const url = `postgres://${user}@${PGHOST}:${process.env['PGPORT'] ?? 5432}/postgres`;
  return ask(url, 'select 1').then(
    () => url,
    () => undefined,
  );
}

/** The server that the tests may make databases on. One that is named and cannot be reached fails them. */
export const SERVER = DATABASE_URL ?? (await usualPlace());
export const POSTGRESQL = SERVER === undefined ? undefined : postgresqlAt(SERVER);
export const KINDS: readonly Kind[] = POSTGRESQL ? [sqlite, POSTGRESQL] : [sqlite];

if (!POSTGRESQL) {
  console.error('No PostgreSQL is reachable: what stands on a database is tested on SQLite only.');
}
