import { expect } from 'chai';
import { nextPoll } from '../../rig.ts';
import { watched } from '../../tcp-rig.ts';
import { changed, quiet, withDb } from './with-db.ts';
import { echo, silent } from './with-toxiproxy.ts';

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
          expect(await to.until((text) => text === 'late')).to.equal(undefined);
          expect(performance.now() - began).to.be.at.least(60);
          // The other way is as fast as it was.
          to.send('back');
          expect(await from.until((text) => text === 'back')).to.equal(undefined);
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
      expect(await client.until((text) => text === 'a')).to.equal(undefined);
      const began = performance.now();
      server.send('b');
      expect(await client.until((text) => text === 'ab')).to.equal(undefined);
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
      expect(await client.until((text) => text === 'down')).to.equal(undefined);
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
          expect(await to.until((text) => text === 'all')).to.equal(undefined);
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
      expect(await client.until((text) => text === 'all')).to.equal(undefined);
      await toxic.remove();
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

  it('leave nothing to those behind them of what they drop', () =>
    withDb(silent, async ({ add, pair, db, proxy }) => {
      await add('timeout', { timeout: 0 });
      await add('bandwidth', { rate: 1 });
      const [client, server] = await pair(db);
      server.send('dropped');
      server.finish();
      expect(await client.ended).to.equal('fin');
      const [entry] = (await proxy.control.journal()).entries;
      expect(entry?.matched).to.deep.equal(['db/timeout', 'db/bandwidth']);
      expect(entry?.injected.map(({ rule }) => rule)).to.deep.equal(['db/timeout']);
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
