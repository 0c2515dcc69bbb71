import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { BODY, GET, nextPoll, withRig } from '../rig.ts';

describe('reset on the wire', () => {
  for (const at of ['accept', 'request', 'headers'] as const) {
    it(`is an RST before any byte, at ${at}`, () =>
      withRig({}, async ({ control, connect, reached, completed }) => {
        await control.add([
          { on: at === 'accept' ? 'stats' : 'leaderboard', inject: { reset: at } },
        ]);
        const client = connect();
        client.send(GET);
        expect(await client.ended).to.equal('rst');
        expect(client.text).to.equal('');
        expect(reached).to.have.length(at === 'headers' ? 1 : 0);
        const [entry] = await completed(1);
        expect(entry).to.include({ end: 'reset', status: null, bytesOut: 0 });
      }));
  }

  for (const [after, bytes] of [
    ['10B', 10],
    ['0B', 0],
    ['50%', Math.floor(BODY.length / 2)],
  ] as const) {
    it(`lets at most ${after} of the body out before it`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { reset: 'body', after } }]);
        const client = connect();
        client.send(GET);
        expect(await client.ended).to.equal('rst');
        const body = client.text.split('\r\n\r\n')[1] ?? '';
        expect(body.length).to.be.at.most(bytes);
        expect(BODY.startsWith(body)).to.equal(true);
        const [entry] = await completed(1);
        expect(entry).to.include({ end: 'reset', status: 200 });
        expect(entry?.injected).to.have.length(1);
      }));
  }

  it('does not act where the body is shorter than what should go out first', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { reset: 'body', after: '1KB' } }]);
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      expect(client.text).not.to.include('x-brownout-fault');
      const [entry] = await completed(1);
      expect(entry?.injected).to.deep.equal([]);
      expect(entry?.matched).to.deep.equal(['r1']);
    }));

  it('cuts connections that are open and idle before its adding has resolved', () =>
    withRig({}, async ({ control, connect, completed }) => {
      const clients = [connect(), connect(), connect()];
      for (const client of clients) {
        client.send(GET);
        await client.answer();
      }
      await control.add([{ on: 'stats', inject: 'reset' }]);
      for (const client of clients) expect(await client.ended).to.equal('rst');
      const entries = await completed(6);
      const cut = entries.filter(({ end }) => end === 'reset');
      expect(cut).to.have.length(3);
      for (const { injected, call } of cut) {
        expect(call).to.equal(null);
        expect(injected[0]).to.include({ fault: 'reset', phase: 'accept' });
      }
    }));

  it('counts the open connections, so that a trigger limits how many it cuts', () =>
    withRig({}, async ({ control, connect }) => {
      const clients = [connect(), connect(), connect()];
      for (const client of clients) {
        client.send(GET);
        await client.answer();
      }
      await control.add([{ on: 'stats', inject: 'reset', trigger: { first: 1 } }]);
      expect(await clients[0]?.ended).to.equal('rst');
      for (const client of [...clients.slice(1), connect()]) {
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200 });
      }
    }));

  it('cuts a reader that never reads', () => {
    const sockets: Socket[] = [];
    const handler: RequestListener = (request, response) => {
      sockets.push(request.socket);
      response.end(Buffer.alloc(64 * 1024 ** 2));
    };
    return withRig({ handler }, async ({ control, connect, entriesWhen }) => {
      const client = connect();
      client.pause();
      client.send(GET);
      // Until every buffer on the way is full.
      for (let [written, still] = [0, 0]; still < 100; await nextPoll()) {
        const now = sockets[0]?.bytesWritten ?? 0;
        still = now > 0 && now === written ? still + 1 : 0;
        written = now;
      }
      await control.add([{ on: 'stats', inject: 'reset' }]);
      await entriesWhen((all) => all.every(({ end }) => end === 'reset'));
      client.resume();
      await client.ended;
    });
  });

  it('is not taken back by lifting the rule while it cuts', () =>
    withRig({}, async ({ control, connect, entriesWhen }) => {
      await control.add([{ on: 'leaderboard', inject: { reset: 'body', after: '5B' } }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      await control.clear();
      expect(await client.ended).to.equal('rst');
    }));
});
