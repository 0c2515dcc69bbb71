import { expect } from 'chai';
import type { Socket } from 'node:net';
import { postgresqlError } from '../../../src/portal/storage/postgresql-error.ts';
import { PAGE, startPortalUnderTest, until, type PortalUnderTest } from '../portal-under-test.ts';
import { startStub, STATS } from '../stub-stats.ts';
import { refusal, storageAt } from './use-storage.ts';
import { startFakePostgresql, type FakePostgresql, type Habits } from './fake-postgresql.ts';

const LIST = '/games/v1/games/';

async function withDatabase(
  habits: Habits,
  test: (portal: PortalUnderTest, database: FakePostgresql) => Promise<void>,
  env: Record<string, string> = {},
): Promise<void> {
  await using stub = await startStub();
  await using database = await startFakePostgresql(habits);
  const address = { DATABASE_URL: database.url, DATABASE_TIMEOUT: '300ms' };
  await using portal = await startPortalUnderTest(stub.url, { ...address, ...env });
  await test(portal, database);
}

/** What a client may know of it: that it is not there now, and when to ask again. */
async function expectAway(portal: PortalUnderTest, path = LIST): Promise<void> {
  const { status, headers, body, text } = await portal.getAsAda(path);
  expect(status, path).to.equal(503);
  expect(body).to.include({ code: 'unavailable' });
  expect(headers['retry-after']).to.match(/^[1-9]\d*$/);
  expect(text).to.not.match(/127\.0|10\.1|hunter2|select|ECONN|pg|postgres|database|SQLSTATE/i);
}

const WAYS: readonly (readonly [string, Habits])[] = [
  ['says nothing', { connection: () => undefined }],
  ['resets each connection', { connection: (socket) => socket.resetAndDestroy() }],
  ['closes each connection', { connection: (socket) => void socket.end() }],
  [
    'speaks something else',
    { connection: (socket) => void socket.end('HTTP/1.1 400 Bad\r\n\r\n') },
  ],
  ['has too many connections', { connection: '53300' }],
  ['is starting up', { connection: '57P03' }],
  ['is being shut down', { connection: '57P01' }],
  ['has crashed', { connection: '57P02' }],
  ['says nothing when it is asked', { query: () => undefined }],
  ['resets when it is asked', { query: (socket: Socket) => socket.resetAndDestroy() }],
  ['closes when it is asked', { query: (socket: Socket) => void socket.end() }],
  ['is shut down when it is asked', { query: '57P01' }],
];

describe('portal: a database that is away', () => {
  for (const [way, habits] of WAYS) {
    it(`what needs one that ${way} is a 503, and the rest stands (row 85)`, async () => {
      await withDatabase(habits, async (portal) => {
        await Promise.all(
          [LIST, '/games/v1/games/1', PAGE].map((path) => expectAway(portal, path)),
        );
        const login = JSON.stringify({ email: 'ada@example.test', password: 'x' });
        const headers = { 'content-type': 'application/json' };
        expect((await portal.send('POST', '/token/', { headers, body: login })).status).to.equal(
          503,
        );
        expect((await portal.get('/health')).body).to.include({ status: 'ok' });
        const stats = await portal.getAsAda('/games/v1/stats/exrps/');
        expect([stats.status, stats.body]).to.deep.equal([200, STATS]);
      });
    });
  }

  for (const [what, bytes] of [
    ['a row of more fields than there are', 'D\0\0\0\x06\x7f\xff'],
    ['an error without an end', 'E\0\0\0\x0bSERROR\0E\0\0\0\x0a'],
    ['an error whose text has no end', 'E\0\0\0\x0aSERROR'],
    ['an error of nothing', 'E\0\0\0\x04'],
    ['a notice without an end, in pieces', 'N\0\0\0\x0aSNOTICE'],
    ['a message of no length', 'E\0\0\0\0'],
    ['a way to sign in that there is none of', 'R\0\0\0\x08\0\0\0\x63'],
  ] as const) {
    it(`${what} ends its connection, and nothing else`, async () => {
      const query = (socket: Socket) => {
        const all = Buffer.from(bytes, 'latin1');
        socket.write(all.subarray(0, 7));
        setImmediate(() => socket.write(all.subarray(7)));
      };
      await withDatabase({ query }, async (portal) => {
        await expectAway(portal);
        expect((await portal.get('/health')).status).to.equal(200);
      });
    });
  }

  it('a connection that breaks under a query is told by Node, not by the database', () => {
    const broken = Object.assign(new Error('write EPIPE'), { code: 'EPIPE' });
    expect(postgresqlError(broken)).to.have.property('code', '08006');
  });

  it('one that nobody listens for is a 503, and the log has the cause and no password', async () => {
    const DATABASE_URL = 'postgres://portal:hunter2@127.0.0.1:1/portal';
    await using portal = await startPortalUnderTest('http://127.0.0.1:1', { DATABASE_URL });
    await expectAway(portal);
    const log = JSON.stringify(portal.log);

    expect(log).to.include('08006: connect ECONNREFUSED');
    expect(log).to.not.include('hunter2');
  });

  it('a folder that is not there is a 503 too', async () => {
    const DATABASE_URL = 'sqlite:/nowhere/portal.db';
    await using portal = await startPortalUnderTest('http://127.0.0.1:1', { DATABASE_URL });
    await expectAway(portal);
  });

  it('all who come while it is silent are told in time, and ask it once (row 85)', async () => {
    await withDatabase({ connection: () => undefined }, async (portal, database) => {
      await Promise.all(Array.from({ length: 50 }, () => expectAway(portal)));
      expect(database.connections()).to.equal(1);
    });
  });

  for (const [code, status, attempts] of [
    ['40001', 503, 4],
    ['40P01', 503, 4],
    ['57014', 504, 1],
    ['53100', 500, 1],
    ['42501', 500, 1],
  ] as const) {
    it(`a ${code} is a ${status}, after ${attempts} attempts (row 85)`, async () => {
      await withDatabase({ query: code }, async (portal, database) => {
        const { status: answered, text } = await portal.get(LIST);
        expect(answered).to.equal(status);
        expect(text).to.not.match(/hunter2|10\.1\.2\.3|select|SQLSTATE|DatabaseError/);
        expect(database.queries()).to.equal(attempts);
      });
    });
  }

  it('who has waited for a connection does not wait as long once more for the answer', async () => {
    await withDatabase(
      { greetsAfterMs: 1000, query: () => undefined },
      async (portal, database) => {
        await expectAway(portal);
        // The query, which began later, is not given up before another second has passed.
        await new Promise((resolve) => setTimeout(resolve, 200));
        expect([database.queries(), database.open()]).to.deep.equal([1, 1]);
      },
      { DATABASE_TIMEOUT: '2s' },
    );
  });

  it('what could not be used is closed before it is tried again', async function () {
    // Sooner than connections that lie idle are closed.
    this.timeout(8000);
    await withDatabase({ query: '42501' }, async (portal, database) => {
      for (let i = 0; i < 5; i += 1) expect((await portal.get(LIST)).status).to.equal(500);
      expect(database.connections()).to.equal(5);
      await until(() => database.open() === 0);
    });
  });

  it('one that is closed before it was opened is never opened', async () => {
    await using database = await startFakePostgresql({});
    const storage = storageAt(database.url);
    const refused = refusal(storage.check());
    await storage.close();
    expect((await refused).code).to.equal('08003');
    expect(database.connections()).to.equal(0);
  });

  it('a wrong password is a mistake of ours: a 500 that says nothing of it', async () => {
    await withDatabase({ connection: '28P01' }, async (portal) => {
      const { status, text } = await portal.get(LIST);
      expect(status).to.equal(500);
      expect(text).to.not.match(/password|28P01|hunter2/);
    });
  });

  for (const habits of [{ connection: () => undefined }, { query: () => undefined }]) {
    it(`a portal that waits for its ${Object.keys(habits).join()} can be closed at once`, async () => {
      const DATABASE_TIMEOUT = '1h';
      await withDatabase(
        habits,
        async (portal, database) => {
          const asked = portal.get(LIST).catch((error: unknown) => error);
          await until(() => database.connections() > 0);
          await portal[Symbol.asyncDispose]();
          expect(await asked).to.have.property('status', 503);
        },
        { DATABASE_TIMEOUT },
      );
    });
  }
});
