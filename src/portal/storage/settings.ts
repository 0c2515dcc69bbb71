import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { count, duration, readSettings, setting, type Env } from '../settings.ts';

export interface StorageConfig {
  readonly database: DatabaseConfig;
  /** How long the portal waits for an answer of the database, finding a connection included, in milliseconds. */
  readonly timeoutMs: number;
  /** The most connections that are open at once. */
  readonly connections: number;
}

export type DatabaseConfig =
  | { readonly kind: 'sqlite'; /** Of a file, or `:memory:`. */ readonly path: string }
  | { readonly kind: 'postgresql'; /** May hold a password. */ readonly url: string };

/** @throws {BrownoutError} `invalid_config`, naming the variable */
export function readStorageConfig(env: Env): StorageConfig {
  const values = readSettings(STORAGE_SETTINGS, env);
  return {
    database: values.DATABASE_URL,
    timeoutMs: values.DATABASE_TIMEOUT,
    connections: values.DATABASE_CONNECTIONS,
  };
}

/** No message quotes the text: it may hold a password, or be one. */
function database(text: string): DatabaseConfig {
  const scheme = /^(\w+):/.exec(text)?.[1]?.toLowerCase() ?? '';
  switch (scheme) {
    case 'sqlite':
    case 'file':
      return { kind: 'sqlite', path: path(text.slice(scheme.length + 1)) };
    case 'postgres':
    case 'postgresql':
      return { kind: 'postgresql', url: postgresql(text) };
    default:
      throw new RangeError(
        'expected sqlite::memory:, sqlite:path, file:path or postgres://user:password@host:port/database',
      );
  }
}

function path(text: string): string {
  if (text === MEMORY) return MEMORY;
  if (text === '' || text.includes('?')) {
    throw new RangeError('expected the path of a file, without any options');
  }
  // What looks like a host to libsql would be asked over the network: an absolute path never does.
  return resolve(text.startsWith('///') ? fileURLToPath(`file:${text}`) : text);
}

function postgresql(text: string): string {
  try {
    if (!/^\w+:\/\//.test(text)) throw new TypeError();
    const { username, password, pathname } = new URL(text);
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return text;
  } catch {
    throw new RangeError(
      'expected postgres://user:password@host:port/database, with other signs than letters and digits percent-encoded',
    );
  }
}

const MEMORY = ':memory:';

export const STORAGE_SETTINGS = {
  DATABASE_URL: setting(
    database,
    `sqlite:${MEMORY}`,
    'where games, accounts and reviews are kept: sqlite:path or postgres://…',
  ),
  DATABASE_TIMEOUT: setting(duration, '1s', 'how long an answer of the database may take'),
  DATABASE_CONNECTIONS: setting(count(1, 1000), '10', 'connections to PostgreSQL at once'),
};
