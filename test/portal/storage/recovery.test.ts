import { expect } from 'chai';
import { Client } from 'pg';
import { createProxy, type Proxy } from '../../../src/proxy/proxy.ts';
import { startPortalUnderTest, until, type PortalUnderTest } from '../portal-under-test.ts';
import { POSTGRESQL, type FreshDatabase } from './databases.ts';

const LIST = '/games/v1/games/';

if (POSTGRESQL) {
  const kind = POSTGRESQL;

  describe('portal: PostgreSQL that goes and comes back', () => {
    let database: FreshDatabase;
    let proxy: Proxy;
    /** Where the database is behind the proxy. */
    let url: string;

    before(async () => {
      database = await kind.create();
      proxy = createProxy({ seed: 'test' });
      const { hostname, port } = new URL(database.url);
      const target = `${hostname}:${port || 5432}`;
      const { address } = await proxy.open({ name: 'database', protocol: 'tcp', target });
      const behind = new URL(database.url);
      behind.host = address;
      url = behind.href;
      await withPortal(whole);
    });
    after(async () => {
      await proxy[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    });
    afterEach(() => proxy.control.clear());

    async function withPortal(
      test: (portal: PortalUnderTest) => Promise<void>,
      env: Record<string, string> = {},
    ): Promise<void> {
      const on = { DATABASE_URL: url, DATABASE_TIMEOUT: '2s', ...env };
      await using portal = await startPortalUnderTest('http://127.0.0.1:1', on);
      await test(portal);
    }

    const statusOf = async (portal: PortalUnderTest, path = LIST) =>
      (await portal.get(path)).status;

    async function whole(portal: PortalUnderTest): Promise<void> {
      const { status, body } = await portal.get(LIST);
      expect([status, body.count]).to.deep.equal([200, 3]);
    }

    const [early, between] = ['before its first use', 'between two requests'];
    for (const [inject, ...times] of [
      ['refuse', early, between],
      ['reset', early, between],
      ['close', early, between],
      ['hang', early, between],
      [{ hang: 'accept', stream: 'up' }, early, between],
      [{ latency: '2s' }, early],
      [{ latency: '2s', at: 'body' }, early, between],
      [{ 'limit-data': '100B' }, early, between],
      [{ bandwidth: '50B/s' }, early, between],
      ['garbage', early],
    ] as const) {
      const what = typeof inject === 'string' ? inject : JSON.stringify(inject);
      for (const when of times) {
        it(`${what} ${when} is a 503, and over when it is lifted (row 85)`, async () => {
          await withPortal(
            async (portal) => {
              if (when === between) await until(async () => (await statusOf(portal)) === 200);
              await proxy.control.add([{ on: 'database', inject }]);
              const { status, headers } = await portal.get(LIST);
              expect(status).to.equal(503);
              expect(headers).to.have.property('retry-after');
              await proxy.control.clear();
              await until(async () => (await statusOf(portal)) === 200);
            },
            { DATABASE_TIMEOUT: '300ms' },
          );
        });
      }
    }

    it('a connection that never comes about does not keep the next one from it', async () => {
      await withPortal(
        async (portal) => {
          await proxy.control.arm({ on: 'database', inject: 'hang' });
          expect(await statusOf(portal)).to.equal(503);
          await until(async () => (await statusOf(portal)) === 200);
        },
        { DATABASE_TIMEOUT: '400ms' },
      );
    });

    it('a connection whose answer did not come is not used again', async () => {
      await withPortal(
        async (portal) => {
          await until(async () => (await statusOf(portal)) === 200);
          const made = (await proxy.control.journal()).entries.length;
          await proxy.control.add([{ on: 'database', inject: 'hang' }]);
          for (let i = 1; i <= 2; i += 1) expect(await statusOf(portal)).to.equal(503);
          expect((await proxy.control.journal()).entries).to.have.length(made + 1);
          await proxy.control.clear();
        },
        { DATABASE_TIMEOUT: '300ms', DATABASE_CONNECTIONS: '1' },
      );
    });

    it('an answer that is slow, but in time, is an answer', async () => {
      await withPortal(async (portal) => {
        await proxy.control.add([{ on: 'database', inject: { latency: '30ms' } }]);
        await whole(portal);
      });
    });

    it('a connection is cut in the middle of an answer, and the next answer is whole', async () => {
      await withPortal(async (portal) => {
        await whole(portal);
        await proxy.control.add([{ on: 'database', inject: { 'limit-data': '300B' } }]);
        expect(await statusOf(portal)).to.equal(503);
        await proxy.control.clear();
        await whole(portal);
      });
    });

    it('all connections are ended by the server while nobody uses them, and nobody notices', async () => {
      await withPortal(async (portal) => {
        await Promise.all(Array.from({ length: 20 }, () => whole(portal)));
        const ended = await endConnections();
        expect(ended).to.be.above(1);
        await until(() => portal.log.filter(({ level }) => level === 'warn').length >= ended);
        await whole(portal);
        const told = portal.log.filter(({ level }) => level === 'warn');
        expect(JSON.stringify(told[0])).to.include('Lost a connection').and.to.include('57P01');
      });
    });

    it('connections are ended under load: some requests are 503, none is anything else', async () => {
      await withPortal(async (portal) => {
        const statuses: number[] = [];
        const load = Array.from({ length: 16 }, async () => {
          for (let i = 0; i < 40; i += 1) statuses.push(await statusOf(portal));
        });
        for (let i = 0; i < 5; i += 1) {
          await until(() => statuses.length >= (i + 1) * 100);
          await endConnections();
        }
        await Promise.all(load);
        expect(new Set(statuses)).to.satisfy((seen: Set<number>) =>
          [...seen].every((status) => status === 200 || status === 503),
        );
        await whole(portal);
      });
    });

    it('two hundred requests at once share ten connections', async () => {
      await withPortal(
        async (portal) => {
          await Promise.all(Array.from({ length: 200 }, () => whole(portal)));
          expect(await connectionsOf()).to.be.within(1, 10);
        },
        { DATABASE_TIMEOUT: '15s' },
      );
    });

    it('where all connections wait, the next request waits no longer than it may', async () => {
      await using lock = await lockGames();
      await withPortal(
        async (portal) => {
          const statuses = await Promise.all(
            Array.from({ length: 6 }, () => statusOf(portal, '/games/v1/games/exrps')),
          );
          for (const status of statuses) expect(status).to.be.oneOf([503, 504]);
          // The server has ended what nobody waits for.
          await until(async () => (await connectionsOf("state = 'active'")) === 0);
          await lock[Symbol.asyncDispose]();
          await until(async () => (await statusOf(portal)) === 200);
        },
        { DATABASE_TIMEOUT: '300ms', DATABASE_CONNECTIONS: '2' },
      );
    });

    it('a portal can be closed in the middle of a query', async () => {
      await using lock = await lockGames();
      await withPortal(
        async (portal) => {
          const asked = Array.from({ length: 4 }, () => portal.get(LIST));
          await until(async () => (await connectionsOf("wait_event_type = 'Lock'")) === 2);
          await portal[Symbol.asyncDispose]();
          for (const { status } of await Promise.all(asked)) expect(status).to.equal(503);
        },
        { DATABASE_TIMEOUT: '1h', DATABASE_CONNECTIONS: '2' },
      );
      await lock[Symbol.asyncDispose]();
      await until(async () => (await connectionsOf()) === 0);
    });

    it('a database that is made after the portal has started is filled when it is there', async () => {
      const name = `${new URL(url).pathname.slice(1)}_late`;
      const late = new URL(url);
      late.pathname = `/${name}`;
      await withPortal(
        async (portal) => {
          expect(await statusOf(portal)).to.equal(500);
          await database.query(`create database ${name}`);
          await until(async () => (await statusOf(portal)) === 200);
          await whole(portal);
        },
        { DATABASE_URL: late.href },
      );
      await database.query(`drop database ${name} with (force)`);
    });

    /** Ends the portal's connections, as an operator does; gives how many there were. */
    async function endConnections(): Promise<number> {
      return (await database.query(`select pg_terminate_backend(pid) ${OTHERS}`)).length;
    }

    async function connectionsOf(holds = 'true'): Promise<number> {
      return (await database.query(`select pid ${OTHERS} and ${holds}`)).length;
    }

    /** Until it is disposed, nobody reads the games. */
    async function lockGames(): Promise<AsyncDisposable> {
      const client = new Client({ connectionString: database.url, application_name: LOCKING });
      await client.connect();
      await client.query('begin; lock table games in access exclusive mode');
      let ended: Promise<void> | undefined;
      return { [Symbol.asyncDispose]: () => (ended ??= client.end()) };
    }
  });
}

const LOCKING = 'brownout test';
const OTHERS = `from pg_stat_activity where datname = current_database()
  and pid <> pg_backend_pid() and application_name <> '${LOCKING}'`;
