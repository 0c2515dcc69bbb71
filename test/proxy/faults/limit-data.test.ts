import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { rawUpstream } from '../../helpers/raw-upstream.ts';
import { GET, nextPoll, withRig } from '../rig.ts';
import { silent, withTcp } from '../tcp-rig.ts';

const UPLOAD = 'POST /scores HTTP/1.1\r\nHost: stats\r\nContent-Length: 40\r\n\r\n';

describe('limit-data on the wire', () => {
  for (const bytes of [1, 20, 100]) {
    it(`lets exactly ${bytes} bytes of the answer out, head included, of each exchange`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        const client = connect();
        client.send(GET);
        const healthy = (await client.answer()) as RawAnswer;
        await control.add([{ on: 'leaderboard', inject: { 'limit-data': `${bytes}B` } }]);
        client.send(GET);
        expect(await client.ended).to.equal('fin');
        expect(client.text.length - healthy.raw.length).to.equal(bytes);
        const entry = (await completed(2))[1];
        expect(entry).to.include({ end: 'closed', bytesOut: bytes });
        expect(entry?.injected[0]).to.include({ fault: 'limit-data' });
      }));
  }

  it('has not fired where less is said', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'limit-data': '1KB' } }]);
      const client = connect();
      for (let i = 1; i <= 10; i++) {
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200 });
        const entry = (await completed(i))[i - 1];
        expect(entry).to.deep.include({ end: 'answered', injected: [] });
      }
    }));

  it('lets exactly so much of a request up, then closes', async () => {
    const upstream = await rawUpstream(() => {});
    try {
      await withRig({ target: upstream.url }, async ({ control, connect, completed }) => {
        const inject = { 'limit-data': `${UPLOAD.length + 7}B`, stream: 'up' };
        await control.add([{ on: 'stats', match: 'POST /*any', inject }]);
        const client = connect();
        client.send(`${UPLOAD}0123456789`);
        expect(await client.ended).to.equal('fin');
        expect(client.text).to.equal('');
        expect((await completed(1))[0]).to.include({ end: 'closed' });
        while (upstream.sockets[0]?.closed !== true) await nextPoll();
        expect(upstream.text).to.equal(`${UPLOAD}0123456`);
      });
    } finally {
      await upstream[Symbol.asyncDispose]();
    }
  });

  it('counts the bytes of a tcp connection over all that it sends', () =>
    withTcp(silent, async ({ control, dial, peer, completed }) => {
      await control.add([{ on: 'db', inject: { 'limit-data': '10B' } }]);
      const client = dial();
      const end = await peer(0);
      end.send('0123');
      await client.until((text) => text === '0123');
      client.send('as much as you like');
      await end.until((text) => text.endsWith('like'));
      end.send('456789abc');
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.equal('0123456789');
      const [entry] = await completed(1);
      expect(entry).to.include({ end: 'closed', bytesOut: 10 });
    }));

  it('closes with the last byte that it lets through, not with the next', () =>
    withTcp(silent, async ({ control, dial, peer }) => {
      await control.add([{ on: 'db', inject: { 'limit-data': '4B' } }]);
      const client = dial();
      const end = await peer(0);
      const began = performance.now();
      end.send('0123');
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.equal('0123');
      // What is under way is given a second to leave: a cut that waits for itself would take it.
      expect(performance.now() - began).to.be.below(900);
    }));

  it('limits what goes up of a connection that was open, from its coming on', () =>
    withTcp(silent, async ({ control, dial, peer, completed }) => {
      const client = dial();
      const end = await peer(0);
      client.send('old');
      await end.until((text) => text === 'old');
      await control.add([{ on: 'db', inject: { 'limit-data': '6B', stream: 'up' } }]);
      client.send('0123456789');
      expect(await client.ended).to.equal('fin');
      await end.ended;
      expect(end.text).to.equal('old012345');
      expect((await completed(1))[0]).to.include({ end: 'closed' });
    }));

  it('counts no more once it is lifted', () =>
    withTcp(silent, async ({ control, dial, peer }) => {
      await control.add([{ on: 'db', inject: { 'limit-data': '10B' } }]);
      const client = dial();
      const end = await peer(0);
      end.send('01234');
      await client.until((text) => text === '01234');
      await control.clear();
      end.send('56789abc');
      await client.until((text) => text === '0123456789abc');
      end.finish();
      expect(await client.ended).to.equal('fin');
    }));
});
