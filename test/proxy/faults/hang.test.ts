import { expect } from 'chai';
import { BODY, GET, nextPoll, withRig } from '../rig.ts';

describe('hang on the wire', () => {
  for (const at of ['accept', 'request', 'headers', 'body'] as const) {
    it(`keeps the connection open and silent at ${at}, until the client gives up`, () =>
      withRig({}, async ({ control, connect, entriesWhen, completed }) => {
        await control.add([
          { on: at === 'accept' ? 'stats' : 'leaderboard', inject: { hang: at } },
        ]);
        const client = connect();
        client.send(GET);
        const [pending] = await entriesWhen((all) => all[0]?.injected.length === 1);
        expect(pending?.end).to.equal('pending');
        if (at === 'body') await client.until((text) => text.includes('\r\n\r\n'));
        for (let i = 0; i < 20; i++) await nextPoll();
        const seen = client.text.split('\r\n\r\n')[1];
        expect(seen).to.equal(
          at === 'body' ? BODY.slice(0, Math.floor(BODY.length / 2)) : undefined,
        );
        client.destroy();
        const [entry] = await completed(1);
        expect(entry?.end).to.equal('client-gone');
        expect((await control.journal()).entries).to.have.length(1);
      }));

    it(`lasts at least as long as it is told to at ${at}`, () =>
      withRig({}, async ({ control, connect }) => {
        const on = at === 'accept' ? 'stats' : 'leaderboard';
        await control.add([{ on, inject: { hang: at, for: '60ms' } }]);
        const before = performance.now();
        const client = connect();
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200, body: BODY });
        expect(performance.now() - before).to.be.at.least(60);
      }));
  }

  it('never lets a request of a client that gave up reach the upstream', () =>
    withRig({}, async ({ control, connect, entriesWhen, completed, reached }) => {
      await control.add([{ on: 'stats', inject: 'hang' }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      client.destroy();
      await completed(1);
      await control.clear();
      expect(reached).to.deep.equal([]);
    }));

  it('holds a connection that is open, from the first byte that it stops', () =>
    withRig({}, async ({ control, connect, entriesWhen, completed }) => {
      const [used, idle] = [connect(), connect()];
      for (const client of [used, idle]) {
        client.send(GET);
        await client.answer();
      }
      await control.add([{ on: 'stats', inject: 'hang' }]);
      const held = (await entriesWhen((all) => all.length === 4)).filter(({ call }) => !call);
      expect(held.flatMap(({ injected }) => injected)).to.deep.equal([]);
      used.send(GET);
      await entriesWhen((all) => all.some(({ injected }) => injected.length === 1));
      await control.clear();
      expect(await used.answer()).to.include({ status: 200 });
      const entries = await completed(5);
      expect(entries.flatMap(({ injected }) => injected)).to.have.length(1);
    }));
});
