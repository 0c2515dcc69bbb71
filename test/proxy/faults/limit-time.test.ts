import { expect } from 'chai';
import { BODY, GET, withRig } from '../rig.ts';
import { echo, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

describe('limit-time on the wire', () => {
  it('closes a healthy connection after its time, by a FIN', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'stats', inject: { 'limit-time': '80ms' } }]);
      const began = performance.now();
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      expect(await client.ended).to.equal('fin');
      expect(performance.now() - began).to.be.at.least(80);
      const entries = await completed(2);
      const [cut] = entries.filter(({ injected }) => injected.length > 0);
      expect(cut).to.include({ end: 'closed', call: null, method: null });
      expect(cut?.injected[0]).to.include({ fault: 'limit-time', phase: 'accept' });
      expect(cut?.injected[0]?.atMs).to.be.at.least(79);
    }));

  it('cuts an answer that is under way', () =>
    withRig(
      {
        handler(_request, response) {
          response.writeHead(200, { 'content-length': 100 });
          response.write('so far');
        },
      },
      async ({ control, connect }) => {
        await control.add([{ on: 'stats', inject: { 'limit-time': '60ms' } }]);
        const client = connect();
        client.send(GET);
        expect(await client.ended).to.equal('fin');
        expect(client.text).to.match(/\r\n\r\nso far$/);
      },
    ));

  it('counts from its coming where the connection was open', () =>
    withTcp(echo, async ({ control, dial, completed }) => {
      const client = dial();
      client.send('x');
      await client.until((text) => text === 'x');
      const began = performance.now();
      await control.add([{ on: 'db', inject: { 'limit-time': '60ms' } }]);
      client.send('y');
      await client.until((text) => text === 'xy');
      expect(await client.ended).to.equal('fin');
      expect(performance.now() - began).to.be.at.least(60);
      const entries = await completed(1);
      expect(entries.flatMap(({ injected }) => injected)).to.have.length(1);
      expect(entries.some(({ end }) => end === 'closed')).to.equal(true);
    }));

  it('lets a connection be once it is lifted', () =>
    withTcp(echo, async ({ control, dial, peer, completed }) => {
      await control.add([{ on: 'db', inject: { 'limit-time': '50ms' } }]);
      const client = dial();
      await peer(0);
      await control.clear();
      const later = performance.now() + 100;
      while (performance.now() < later) await new Promise((resolve) => setTimeout(resolve, 10));
      client.send('still here');
      await client.until((text) => text === 'still here');
      client.finish();
      expect(await client.ended).to.equal('fin');
      expect((await completed(1))[0]).to.deep.include({ injected: [] });
    }));

  it('takes an upstream, never a call', () =>
    withRig({}, async (rig) => {
      const inject = { 'limit-time': '1s' };
      expect(await problemOf(rig, { on: 'leaderboard', inject })).to.match(/acts on connections/);
    }));
});
