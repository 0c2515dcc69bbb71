import type { RequestListener } from 'node:http';
import type { Socket } from 'node:net';
import { expect } from 'chai';
import { BODY, GET, nextPoll, withRig } from '../rig.ts';
import { silent, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

/** The head of the answer as the rig's upstream writes it, on a connection that is kept. */
const HEAD = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\nConnection: keep-alive\r\n\r\n`;

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

  for (const [after, bytes] of [
    ['0B', 0],
    ['25%', Math.floor(HEAD.length / 4)],
    ['20B', 20],
    ['100%', HEAD.length],
  ] as const) {
    it(`lets at most ${after} of the head out, with at: headers`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { reset: 'headers', after } }]);
        const client = connect();
        client.send(GET);
        expect(await client.ended).to.equal('rst');
        const head = client.text.replace('x-brownout-fault: reset\r\n', '');
        expect(head.length).to.be.at.most(bytes);
        expect(HEAD.startsWith(head)).to.equal(true);
        const [entry] = await completed(1);
        expect(entry).to.include({ end: 'reset' });
        expect(entry?.injected[0]).to.include({ fault: 'reset', phase: 'headers' });
      }));
  }

  it('waits for so much of the request’s body, with at: request', () =>
    withRig({}, async ({ control, connect, completed, reached }) => {
      await control.add([
        { on: 'stats', match: 'POST /*any', inject: { reset: 'request', after: '10B' } },
      ]);
      const client = connect();
      client.send('POST /scores HTTP/1.1\r\nHost: stats\r\nContent-Length: 20\r\n\r\n');
      client.send('123456789');
      for (let i = 0; i < 20; i++) await nextPoll();
      expect((await control.journal()).entries[0]?.injected).to.deep.equal([]);
      client.send('0');
      expect(await client.ended).to.equal('rst');
      expect(client.text).to.equal('');
      const [entry] = await completed(1);
      expect(entry).to.include({ end: 'reset', status: null });
      expect(entry?.injected[0]).to.include({ fault: 'reset', phase: 'request' });
      expect(reached).to.deep.equal([]);
    }));

  it('refuses to leave something out before it accepts', () =>
    withRig({}, async (rig) => {
      for (const inject of [
        { reset: 'accept', after: '1B' },
        { fault: 'reset', after: '50%' },
      ])
        expect(await problemOf(rig, { on: 'stats', inject })).to.include(
          'reset at accept acts before any byte: after needs at: request, headers or body',
        );
      const written = { fault: 'reset', after: '50%' };
      expect(await problemOf(rig, { on: 'leaderboard', inject: written })).to.equal('');
    }));

  it('cuts after so many bytes of a tcp upstream, new and open, and counts from its coming', () =>
    withTcp(silent, async ({ control, dial, peer, completed }) => {
      const open = dial();
      const before = await peer(0);
      before.send('old');
      await open.until((text) => text === 'old');
      await control.add([{ on: 'db', inject: { reset: 'body', after: '5B' } }]);
      const fresh = dial();
      for (const [client, end] of [
        [open, before],
        [fresh, await peer(1)],
      ] as const) {
        end.send('ab');
        await client.until((text) => text.endsWith('ab'));
        end.send('cdefg');
        expect(await client.ended).to.equal('rst');
        expect('abcde').to.match(new RegExp(`^${client.text.replace('old', '')}`));
      }
      for (const entry of (await completed(2)).filter(({ injected }) => injected.length > 0))
        expect(entry).to.include({ end: 'reset', method: null, upstream: 'db' });
    }));

  it('says what it needs of a tcp upstream', () =>
    withTcp(silent, async (rig) => {
      const needs = /reset at body needs after in bytes, such as 64KB/;
      expect(await problemOf(rig, { on: 'db', inject: { reset: 'body' } })).to.match(needs);
      expect(await problemOf(rig, { on: 'db', inject: { reset: 'body', after: '5%' } })).to.match(
        needs,
      );
      for (const at of ['request', 'headers'])
        expect(await problemOf(rig, { on: 'db', inject: { reset: at } })).to.match(
          new RegExp(`reset at ${at}`),
        );
    }));
});
