import { expect } from 'chai';
import { resolve } from 'node:path';
import { BrownoutError } from '../../../src/common/errors.ts';
import { readConfig } from '../../../src/portal/config.ts';
import type { DatabaseConfig } from '../../../src/portal/storage/settings.ts';

const at = (DATABASE_URL: string): DatabaseConfig => readConfig({ DATABASE_URL }).storage.database;

describe('portal: where its database is', () => {
  it('it is one in memory unless something else is said', () => {
    const memory = { kind: 'sqlite', path: ':memory:' };
    expect(readConfig({}).storage).to.deep.equal({
      database: memory,
      timeoutMs: 1000,
      connections: 10,
    });
    expect(at('')).to.deep.equal(memory);
    expect(at('sqlite::memory:')).to.deep.equal(memory);
  });

  for (const [url, path] of [
    ['sqlite:portal.db', 'portal.db'],
    ['sqlite:./data/portal.db', 'data/portal.db'],
    ['file:portal.db', 'portal.db'],
    ['SQLite:/var/lib/portal.db', '/var/lib/portal.db'],
    ['file:///var/lib/my%20portal.db', '/var/lib/my portal.db'],
    // To libsql this would be another machine.
    ['sqlite:http://evil.test/x', 'http:/evil.test/x'],
    ['file:libsql://evil.test', 'libsql:/evil.test'],
  ] as const) {
    it(`${url} is a file`, () => {
      expect(at(url)).to.deep.equal({ kind: 'sqlite', path: resolve(path) });
    });
  }

  for (const url of [
    'postgres://portal:hunter2@db.test:5432/portal',
    'postgresql://db.test/portal?sslmode=verify-full',
    'postgres://portal:p%40ss@[::1]/portal',
  ]) {
    it(`${url} is PostgreSQL`, () => {
      expect(at(url)).to.deep.equal({ kind: 'postgresql', url });
    });
  }

  for (const url of [
    'mysql://portal:hunter2@db.test/portal',
    'hunter2',
    'postgres:hunter2',
    'postgres://portal:hunter2',
    'postgres://portal:hunter2%zz@db.test/portal',
    'postgres://portal:hunter2@db.test:port/portal',
    'http://hunter2@db.test',
    'sqlite:',
    'sqlite:hunter2.db?mode=ro',
    'file:',
    '/var/lib/hunter2.db',
  ]) {
    it(`${url} is refused, and not repeated`, () => {
      expect(() => at(url))
        .to.throw(BrownoutError, /^DATABASE_URL: expected /)
        .with.property('code', 'invalid_config');
      expect(() => at(url)).to.not.throw(/hunter2/);
    });
  }

  it('how long it may take, and how many connections there may be, can be said', () => {
    const { storage } = readConfig({ DATABASE_TIMEOUT: '250ms', DATABASE_CONNECTIONS: '3' });
    expect(storage).to.include({ timeoutMs: 250, connections: 3 });
    for (const [name, text] of [
      ['DATABASE_TIMEOUT', '0ms'],
      ['DATABASE_TIMEOUT', 'soon'],
      ['DATABASE_CONNECTIONS', '0'],
    ] as const) {
      expect(() => readConfig({ [name]: text })).to.throw(new RegExp(`^${name}: `));
    }
  });
});
