import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import { changed, quiet, withDb } from './with-db.ts';
import { silent } from './with-toxiproxy.ts';

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
        expect(await server.until((text) => text === 'up')).to.equal(undefined);
      }
      await quiet();
      const other = await changed(toxic, { timeout: 3_600_000 });
      for (const [client, server] of both) {
        server.send('dropped too');
        client.send('still');
        expect(await server.until((text) => text === 'upstill')).to.equal(undefined);
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
          expect(await from.until((text) => text === 'other way')).to.equal(undefined);
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
      expect(await server.until((text) => text === 'up')).to.equal(undefined);
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
      expect(await client.until((text) => text === 'a')).to.equal(undefined);
      client.finish();
      expect(await server.ended).to.equal('fin');
      server.finish();
      expect(await client.ended).to.equal('fin');
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
          expect(await to.until((text) => text.length === 60)).to.equal(undefined);
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
      expect(await client.until((text) => text.length === 60)).to.equal(undefined);
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
