import {
  Kysely,
  SqliteAdapter,
  SqliteDialect,
  type SqliteDatabase,
  type SqliteStatement,
} from 'kysely';
import Libsql from 'libsql';
import type { Connection } from './database.ts';
import { SQLITE } from './dialect.ts';
import { scriptOf } from './fresh-tables.ts';
import { checkParameters, sqliteError } from './sqlite-error.ts';
import type { Tables } from './tables.ts';

/** @param path of a file, or `:memory:` */
export function connectSqlite(path: string): Connection {
  const inMemory = path === ':memory:';
  const file = open(path);
  if (inMemory && freshTables !== undefined) file.exec(freshTables);
  const dialect = new SqliteDialect({ database: async () => prepared(file) });
  // SQLite undoes changes of tables like all others; Kysely would have each stand for itself.
  dialect.createAdapter = () =>
    Object.defineProperty(new SqliteAdapter(), 'supportsTransactionalDdl', { value: true });
  const db = new Kysely<Tables>({ dialect });
  return {
    db,
    dialect: SQLITE,
    migrated() {
      if (inMemory) freshTables = scriptOf(file);
    },
    async close() {
      await db.destroy();
      file.close();
    },
  };
}

function open(path: string): Libsql.Database {
  const file = attempt(() => new Libsql(path));
  attempt(() => {
    file.exec('pragma foreign_keys = on');
    file.exec(`pragma busy_timeout = ${BUSY_MS}`);
    // Readers and a writer, of whatever process, do not wait for one another.
    if (path !== ':memory:') file.exec('pragma journal_mode = wal; pragma synchronous = normal');
  });
  return file;
}

function prepared(file: Libsql.Database): SqliteDatabase {
  // To prepare a statement costs more than to run it, and there are few texts of them.
  const prepared = new Map<string, SqliteStatement>();
  return {
    prepare(sql) {
      const known = prepared.get(sql);
      if (known) return known;
      if (prepared.size >= MOST_PREPARED) prepared.clear();
      const statement = guarded(attempt(() => file.prepare(sql)));
      prepared.set(sql, statement);
      return statement;
    },
    close: () => void file.close(),
  };
}

function guarded(statement: Libsql.Statement): SqliteStatement {
  return {
    reader: statement.reader,
    all: (parameters) => attempt(() => statement.all(checkParameters(parameters))),
    run: (parameters) => attempt(() => statement.run(checkParameters(parameters))),
    iterate: (parameters) => statement.iterate(checkParameters(parameters)),
  };
}

function attempt<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw sqliteError(error);
  }
}

/** What the migrations make, once they have made it in memory. */
let freshTables: string | undefined;

// Nothing else happens in this process while it waits for another one's lock.
const BUSY_MS = 25;
const MOST_PREPARED = 100;
