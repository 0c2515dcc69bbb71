import { expect } from 'chai';
import { rawUpstream } from '../../helpers/raw-upstream.ts';
import { BODY, GET, withRig } from '../rig.ts';
import { silent, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

const LAST = GET.replace('\r\n\r\n', '\r\nConnection: close\r\n\r\n');

describe('slow-close on the wire', () => {
  it('gives the whole answer at once, and the FIN late', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'stats', inject: { 'slow-close': '60ms' } }]);
      const client = connect();
      const began = performance.now();
      client.send(LAST);
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      expect(await client.ended).to.equal('fin');
      expect(performance.now() - began).to.be.at.least(60);
      client.finish();
      const entries = await completed(2);
      const fired = entries.filter(({ injected }) => injected.length > 0);
      expect(fired).to.have.length(1);
      expect(fired[0]).to.include({ call: null, method: null });
      expect(fired[0]?.injected[0]).to.include({ fault: 'slow-close', phase: 'end' });
    }));

  it('keeps a body without a length from being over', async () => {
    const upstream = await rawUpstream((socket) => socket.end('HTTP/1.1 200 OK\r\n\r\nto the end'));
    try {
      await withRig({ target: upstream.url }, async ({ control, connect, entriesWhen }) => {
        await control.add([{ on: 'stats', inject: { 'slow-close': '1h' } }]);
        const client = connect();
        client.send(GET);
        await client.until((text) => text.endsWith('to the end'));
        await entriesWhen((all) => all.some(({ injected }) => injected.length === 1));
        await control.clear();
        expect(await client.ended).to.equal('fin');
      });
    } finally {
      await upstream[Symbol.asyncDispose]();
    }
  });

  it('has not fired on a connection that is kept', () =>
    withRig({}, async ({ control, connect, entriesWhen }) => {
      await control.add([{ on: 'stats', inject: { 'slow-close': '1h' } }]);
      const client = connect();
      for (let i = 1; i <= 2; i++) {
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200, body: BODY });
      }
      const entries = await entriesWhen(
        (all) => all.filter(({ end }) => end === 'answered').length >= 2,
      );
      expect(entries.flatMap(({ injected }) => injected)).to.deep.equal([]);
    }));

  it('takes an upstream, never a call', () =>
    withRig({}, async (rig) => {
      const inject = { 'slow-close': '1s' };
      expect(await problemOf(rig, { on: 'leaderboard', inject })).to.match(/acts on connections/);
    }));

  for (const stream of ['down', 'up'] as const) {
    it(`holds the FIN of a tcp connection back, with stream: ${stream}`, () =>
      withTcp(silent, async ({ control, dial, peer, entriesWhen, completed }) => {
        await control.add([{ on: 'db', inject: { 'slow-close': '60ms', stream } }]);
        const client = dial();
        const end = await peer(0);
        const [from, to] = stream === 'down' ? [end, client] : [client, end];
        const began = performance.now();
        from.send('all of it');
        from.finish();
        await to.until((text) => text === 'all of it');
        expect(await to.ended).to.equal('fin');
        expect(performance.now() - began).to.be.at.least(60);
        await entriesWhen((all) => all[0]?.injected.length === 1);
        to.send('and back');
        await from.until((text) => text === 'and back');
        to.finish();
        expect(await from.ended).to.equal('fin');
        expect((await completed(1))[0]?.injected[0]).to.include({ fault: 'slow-close' });
      }));
  }

  it('acts on a connection that was open, and lets the FIN go when it is lifted', () =>
    withTcp(silent, async ({ control, dial, peer, entriesWhen }) => {
      const client = dial();
      const end = await peer(0);
      await control.add([{ on: 'db', inject: { 'slow-close': '1h' } }]);
      end.finish();
      await entriesWhen((all) => all.some(({ injected }) => injected.length === 1));
      await control.clear();
      expect(await client.ended).to.equal('fin');
    }));
});
