import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import type Toxic from 'toxiproxy-node-client/dist/Toxic.js';
import { nextPoll } from '../../rig.ts';
import { watched } from '../../tcp-rig.ts';
import { echo, silent, withToxiproxy, type Serve, type ToxiproxyRig } from './with-toxiproxy.ts';

interface Db extends ToxiproxyRig {
  /** Adds a toxic to the proxy, by Toxiproxy's own client. */
  readonly add: (
    type: string,
    attributes: object,
    stream?: 'upstream' | 'downstream',
  ) => Promise<Toxic.default<unknown>>;
  readonly db: { readonly listen: string };
}

/** A proxy that Toxiproxy's own client has created. */
function withDb(serve: Serve, test: (rig: Db) => Promise<void>): Promise<void> {
  return withToxiproxy(serve, async (rig) => {
    const { client, upstream } = rig;
    const db = await client.createProxy({ name: 'db', listen: '127.0.0.1:0', upstream });
    const add: Db['add'] = (type, attributes, stream = 'downstream') =>
      db.addToxic({ type, attributes, stream, name: type, toxicity: 1 } as never);
    await test({ ...rig, db, add });
  });
}

const changed = (toxic: Toxic.default<unknown>, attributes: object) =>
  toxic.update({ attributes } as never);

/** Long enough for what would come to have come. */
const quiet = () => sleep(30);

describe('latency, by Toxiproxy’s client', () => {
  for (const stream of ['downstream', 'upstream'] as const) {
    it(`delays what goes ${stream}, on new connections and on those that are open`, () =>
      withDb(silent, async ({ add, pair, db }) => {
        const open = await pair(db);
        await add('latency', { latency: 60, jitter: 0 }, stream);
        for (const [client, server] of [open, await pair(db)]) {
          const [from, to] = stream === 'upstream' ? [client, server] : [server, client];
          const began = performance.now();
          from.send('late');
          await to.until((text) => text === 'late');
          expect(performance.now() - began).to.be.at.least(60);
          // The other way is as fast as it was.
          to.send('back');
          await from.until((text) => text === 'back');
        }
      }));
  }

  it('is as it was changed, and what waits goes on at once', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const toxic = await add('latency', { latency: 3_600_000, jitter: 0 });
      const [client, server] = await pair(db);
      server.send('a');
      await quiet();
      expect(client.text).to.equal('');
      await changed(toxic, { latency: 50 });
      await client.until((text) => text === 'a');
      const began = performance.now();
      server.send('b');
      await client.until((text) => text === 'ab');
      expect(performance.now() - began).to.be.at.least(50);
    }));

  it('lets what waits go on at once when it is removed', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const toxic = await add('latency', { latency: 3_600_000, jitter: 0 });
      const [client, server] = await pair(db);
      server.send('a');
      await nextPoll();
      await toxic.remove();
      server.send('b');
      expect(await client.until((text) => text === 'ab')).to.equal(undefined);
    }));
});

describe('bandwidth, by Toxiproxy’s client', () => {
  it('lets a thousand bytes a second through for each of its rate', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const open = await pair(db);
      await add('bandwidth', { rate: 20 });
      for (const [client, server] of [open, await pair(db)]) {
        const began = performance.now();
        server.send('x'.repeat(4000));
        const looks = await watched(client, began, (text) => text.length === 4000);
        expect(looks.at(-1)?.ms).to.be.at.least(199);
        expect(looks.length).to.be.above(2);
      }
    }));

  it('lets nothing through at 0, until it is changed', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const toxic = await add('bandwidth', { rate: 0 }, 'upstream');
      const [client, server] = await pair(db);
      client.send('up');
      server.send('down');
      await client.until((text) => text === 'down');
      await quiet();
      expect(server.text).to.equal('');
      await changed(toxic, { rate: 1000 });
      expect(await server.until((text) => text === 'up')).to.equal(undefined);
    }));
});

describe('slow_close, by Toxiproxy’s client', () => {
  for (const stream of ['downstream', 'upstream'] as const) {
    it(`delays the end that goes ${stream}, and not the bytes`, () =>
      withDb(silent, async ({ add, pair, db }) => {
        const open = await pair(db);
        await add('slow_close', { delay: 60 }, stream);
        for (const [client, server] of [open, await pair(db)]) {
          const [from, to] = stream === 'upstream' ? [client, server] : [server, client];
          const began = performance.now();
          from.send('all');
          from.finish();
          await to.until((text) => text === 'all');
          expect(await to.ended).to.equal('fin');
          expect(performance.now() - began).to.be.at.least(60);
        }
      }));
  }

  it('ends at once when it is removed', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const toxic = await add('slow_close', { delay: 3_600_000 });
      const [client, server] = await pair(db);
      server.send('all');
      server.finish();
      await client.until((text) => text === 'all');
      await toxic.remove();
      expect(await client.ended).to.equal('fin');
    }));
});

describe('timeout, by Toxiproxy’s client', () => {
  for (const stream of ['downstream', 'upstream'] as const) {
    it(`drops what goes ${stream}, and closes once nothing has come for so long`, () =>
      withDb(silent, async ({ add, pair, db }) => {
        let [client, server] = await pair(db);
        await add('timeout', { timeout: 600 }, stream);
        for (const when of ['open', 'new']) {
          if (when === 'new') [client, server] = await pair(db);
          const [from, to] = stream === 'upstream' ? [client, server] : [server, client];
          const began = performance.now();
          from.send('dropped');
          to.send('back');
          expect(await client.ended).to.equal('fin');
          expect(performance.now() - began, when).to.be.at.least(599);
          await server.ended;
          expect([from.text, to.text]).to.deep.equal(['back', '']);
        }
      }));
  }

  it('counts from the last bytes that came', () =>
    withDb(silent, async ({ add, pair, db }) => {
      await add('timeout', { timeout: 600 }, 'upstream');
      const [client] = await pair(db);
      let [over, sentAt] = [false, 0];
      void client.ended.then(() => (over = true));
      for (let i = 0; i < 10; i++) {
        client.send('more');
        sentAt = performance.now();
        await sleep(100);
      }
      expect(over).to.equal(false);
      expect(await client.ended).to.equal('fin');
      // Read a little after it was sent: the timer runs from there.
      expect(performance.now() - sentAt).to.be.at.least(599);
    }));

  it('of 0 closes only when it is removed, and not when it is changed', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const open = await pair(db);
      const toxic = await add('timeout', { timeout: 0 });
      const both = [open, await pair(db)];
      for (const [client, server] of both) {
        server.send('dropped');
        client.send('up');
        await server.until((text) => text === 'up');
      }
      await quiet();
      const other = await changed(toxic, { timeout: 3_600_000 });
      for (const [client, server] of both) {
        server.send('dropped too');
        client.send('still');
        await server.until((text) => text === 'upstill');
      }
      await other.remove();
      for (const [client, server] of both) {
        expect(await client.ended).to.equal('fin');
        await server.ended;
        expect(client.text).to.equal('');
      }
    }));
});

describe('reset_peer, by Toxiproxy’s client', () => {
  for (const stream of ['downstream', 'upstream'] as const) {
    it(`resets both ends, so long after the first bytes that go ${stream}`, () =>
      withDb(silent, async ({ add, pair, db }) => {
        const open = await pair(db);
        await add('reset_peer', { timeout: 60 }, stream);
        for (const [client, server] of [open, await pair(db)]) {
          const [from, to] = stream === 'upstream' ? [client, server] : [server, client];
          to.send('other way');
          await from.until((text) => text === 'other way');
          const began = performance.now();
          from.send('first');
          expect(await Promise.all([client.ended, server.ended])).to.deep.equal(['rst', 'rst']);
          expect(performance.now() - began).to.be.at.least(60);
          expect(to.text).to.equal('');
        }
      }));
  }

  it('resets at once at 0, and waits for bytes however long', () =>
    withDb(silent, async ({ add, pair, db }) => {
      await add('reset_peer', { timeout: 0 });
      const [client, server] = await pair(db);
      await quiet();
      client.send('up');
      await server.until((text) => text === 'up');
      server.send('down');
      expect(await Promise.all([client.ended, server.ended])).to.deep.equal(['rst', 'rst']);
      expect(client.text).to.equal('');
    }));

  it('lets go on what it has not reset when it is removed', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const toxic = await add('reset_peer', { timeout: 3_600_000 });
      const [client, server] = await pair(db);
      server.send('waits');
      await quiet();
      expect(client.text).to.equal('');
      await toxic.remove();
      expect(await client.until((text) => text === 'waits')).to.equal(undefined);
    }));

  it('leaves the ends as they are at toxicity 0', () =>
    withDb(silent, async ({ ask, pair, db }) => {
      const body = { type: 'reset_peer', toxicity: 0 };
      expect((await ask('POST /proxies/db/toxics', body)).status).to.equal(200);
      const [client, server] = await pair(db);
      server.send('a');
      await client.until((text) => text === 'a');
      client.finish();
      expect(await server.ended).to.equal('fin');
      server.finish();
      expect(await client.ended).to.equal('fin');
    }));
});

describe('slicer, by Toxiproxy’s client', () => {
  it('sends slices, with a time in microseconds between them', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const open = await pair(db);
      await add('slicer', { average_size: 10, size_variation: 0, delay: 5000 });
      for (const [client, server] of [open, await pair(db)]) {
        const began = performance.now();
        server.send('x'.repeat(100));
        const looks = await watched(client, began, (text) => text.length === 100);
        expect(looks.at(-1)?.ms).to.be.at.least(45);
        expect(looks.length).to.be.above(2);
      }
    }));
});

describe('limit_data, by Toxiproxy’s client', () => {
  for (const stream of ['downstream', 'upstream'] as const) {
    it(`closes each connection after exactly so many bytes that go ${stream}`, () =>
      withDb(silent, async ({ add, pair, db }) => {
        const open = await pair(db);
        await add('limit_data', { bytes: 100 }, stream);
        for (const [client, server] of [open, await pair(db)]) {
          const [from, to] = stream === 'upstream' ? [client, server] : [server, client];
          from.send('x'.repeat(60));
          await to.until((text) => text.length === 60);
          from.send('y'.repeat(60));
          expect(await client.ended).to.equal('fin');
          await server.ended;
          expect(to.text).to.equal('x'.repeat(60) + 'y'.repeat(40));
        }
      }));
  }

  it('counts on when it is changed, and lets nothing through at 0', () =>
    withDb(silent, async ({ add, pair, db }) => {
      const toxic = await add('limit_data', { bytes: 100 });
      const [client, server] = await pair(db);
      server.send('x'.repeat(60));
      await client.until((text) => text.length === 60);
      await changed(toxic, { bytes: 80 });
      server.send('y'.repeat(60));
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.have.length(80);
      await changed(toxic, { bytes: 0 });
      const [none, peer] = await pair(db);
      peer.send('z');
      expect(await none.ended).to.equal('fin');
      expect(none.text).to.equal('');
    }));
});

describe('toxics of one proxy', () => {
  it('take the bytes in the order in which they were added', () =>
    withDb(silent, async ({ add, pair, db }) => {
      await add('slow_close', { delay: 1 });
      await add('limit_data', { bytes: 3 });
      await add('slicer', { average_size: 1, size_variation: 0, delay: 1000 });
      await add('latency', { latency: 50, jitter: 0 });
      const [client, server] = await pair(db);
      const began = performance.now();
      server.send('abcdef');
      expect(await client.ended).to.equal('fin');
      expect(performance.now() - began).to.be.at.least(50);
      expect(client.text).to.equal('abc');
    }));

  it('are told in the journal, each when it has begun to act', () =>
    withDb(echo, async ({ add, dial, db, proxy }) => {
      await add('latency', { latency: 5, jitter: 0 });
      await add('limit_data', { bytes: 4 }, 'upstream');
      const client = dial(db);
      client.send('ping!');
      await client.ended;
      const { entries } = await proxy.control.journal();
      expect(entries).to.have.length(1);
      expect(entries[0]?.matched).to.deep.equal(['db/latency', 'db/limit_data']);
      expect(entries[0]?.injected.map(({ rule }) => rule)).to.include('db/limit_data');
    }));
});
