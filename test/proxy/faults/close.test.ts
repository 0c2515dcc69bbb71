import { expect } from 'chai';
import { BODY, GET, nextPoll, withRig } from '../rig.ts';
import { silent, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

/** The head of the answer as the rig's upstream writes it, on a connection that is kept. */
const HEAD = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\nConnection: keep-alive\r\n\r\n`;

describe('close on the wire', () => {
  for (const at of ['accept', 'request', 'headers'] as const) {
    it(`is a FIN before any byte, at ${at}`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        await control.add([
          { on: at === 'accept' ? 'stats' : 'leaderboard', inject: { close: at } },
        ]);
        const client = connect();
        client.send(GET);
        expect(await client.ended).to.equal('fin');
        expect(client.text).to.equal('');
        expect((await completed(1))[0]).to.include({ end: 'closed', status: null });
      }));
  }

  for (const [after, bytes] of [
    ['0B', 0],
    ['1B', 1],
    ['33B', 33],
    ['50%', Math.floor(BODY.length / 2)],
  ] as const) {
    it(`lets exactly ${after} of the body out before it`, () =>
      withRig({}, async ({ control, connect }) => {
        await control.add([{ on: 'leaderboard', inject: { close: 'body', after } }]);
        for (let i = 0; i < 20; i++) {
          const client = connect();
          client.send(GET);
          expect(await client.ended).to.equal('fin');
          const [head = '', body] = client.text.split('\r\n\r\n');
          expect(head).to.include(`content-length: ${BODY.length}`);
          expect(body).to.equal(BODY.slice(0, bytes));
        }
      }));
  }

  it('lets an exact count out to a slow reader', () => {
    const body = Buffer.alloc(8 * 1024 ** 2, 'x');
    return withRig(
      { handler: (_request, response) => void response.end(body) },
      async ({ control, connect }) => {
        await control.add([{ on: 'leaderboard', inject: { close: 'body', after: '6MB' } }]);
        const client = connect();
        client.send(GET);
        await client.until((text) => text.length > 0);
        client.pause();
        setTimeout(client.resume, 50);
        expect(await client.ended).to.equal('fin');
        expect(client.text.length - client.text.indexOf('\r\n\r\n') - 4).to.equal(6 * 1024 ** 2);
      },
    );
  });

  it('stays a FIN under an upload that goes on', () =>
    withRig({}, async ({ control, connect }) => {
      await control.add([{ on: 'stats', match: 'POST /*any', inject: 'close' }]);
      const client = connect();
      client.send('POST /scores HTTP/1.1\r\nHost: stats\r\nContent-Length: 3000000\r\n\r\n');
      client.send(Buffer.alloc(1_000_000));
      expect(await client.ended).to.equal('fin');
      client.send(Buffer.alloc(20_000_000));
      client.finish();
      expect(await client.failed).to.equal(false);
    }));

  it('ends idle connections that are open', () =>
    withRig({}, async ({ control, connect }) => {
      const client = connect();
      client.send(GET);
      await client.answer();
      await control.add([{ on: 'stats', inject: 'close' }]);
      expect(await client.ended).to.equal('fin');
    }));

  it('does not keep the proxy from being disposed of when the client never ends its side', () =>
    withRig({}, async ({ control, connect, proxy, completed }) => {
      await control.add([{ on: 'leaderboard', inject: 'close' }]);
      const client = connect();
      client.send(GET);
      expect(await client.ended).to.equal('fin');
      await completed(1);
      const before = performance.now();
      await proxy[Symbol.asyncDispose]();
      // The grace for the client's own FIN is a second: disposing must not wait for it.
      expect(performance.now() - before).to.be.below(900);
    }));

  for (const [after, bytes] of [
    ['0B', 0],
    ['25%', Math.floor(HEAD.length / 4)],
    ['20B', 20],
    ['100%', HEAD.length],
  ] as const) {
    it(`lets exactly ${after} of the head out, with at: headers`, () =>
      withRig({}, async ({ control, connect, completed }) => {
        await control.add([{ on: 'leaderboard', inject: { close: 'headers', after } }]);
        const client = connect();
        client.send(GET);
        expect(await client.ended).to.equal('fin');
        const head = client.text.replace('x-brownout-fault: close\r\n', '');
        expect(head).to.equal(HEAD.slice(0, bytes));
        const [entry] = await completed(1);
        expect(entry).to.include({ end: 'closed' });
        expect(entry?.injected[0]).to.include({ fault: 'close', phase: 'headers' });
      }));
  }

  it('waits for so much of the request’s body, with at: request', () =>
    withRig({}, async ({ control, connect, completed, reached }) => {
      await control.add([
        { on: 'stats', match: 'POST /*any', inject: { close: 'request', after: '10B' } },
      ]);
      const client = connect();
      client.send('POST /scores HTTP/1.1\r\nHost: stats\r\nContent-Length: 20\r\n\r\n');
      client.send('123456789');
      for (let i = 0; i < 20; i++) await nextPoll();
      expect((await control.journal()).entries[0]?.injected).to.deep.equal([]);
      client.send('0');
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.equal('');
      const [entry] = await completed(1);
      expect(entry).to.include({ end: 'closed', status: null });
      expect(entry?.injected[0]).to.include({ fault: 'close', phase: 'request' });
      expect(reached).to.deep.equal([]);
    }));

  it('refuses to leave something out before it accepts', () =>
    withRig({}, async (rig) => {
      for (const inject of [
        { close: 'accept', after: '1B' },
        { fault: 'close', after: '50%' },
      ])
        expect(await problemOf(rig, { on: 'stats', inject })).to.include(
          'close at accept acts before any byte: after needs at: request, headers or body',
        );
      const written = { fault: 'close', after: '50%' };
      expect(await problemOf(rig, { on: 'leaderboard', inject: written })).to.equal('');
    }));

  it('cuts after so many bytes of a tcp upstream, new and open, and counts from its coming', () =>
    withTcp(silent, async ({ control, dial, peer, completed }) => {
      const open = dial();
      const before = await peer(0);
      before.send('old');
      await open.until((text) => text === 'old');
      await control.add([{ on: 'db', inject: { close: 'body', after: '5B' } }]);
      const fresh = dial();
      for (const [client, end] of [
        [open, before],
        [fresh, await peer(1)],
      ] as const) {
        end.send('ab');
        await client.until((text) => text.endsWith('ab'));
        end.send('cdefg');
        expect(await client.ended).to.equal('fin');
        expect(client.text.replace('old', '')).to.equal('abcde');
      }
      for (const entry of (await completed(2)).filter(({ injected }) => injected.length > 0))
        expect(entry).to.include({ end: 'closed', method: null, upstream: 'db' });
    }));

  it('says what it needs of a tcp upstream', () =>
    withTcp(silent, async (rig) => {
      const needs = /close at body needs after in bytes, such as 64KB/;
      expect(await problemOf(rig, { on: 'db', inject: { close: 'body' } })).to.match(needs);
      expect(await problemOf(rig, { on: 'db', inject: { close: 'body', after: '5%' } })).to.match(
        needs,
      );
      for (const at of ['request', 'headers'])
        expect(await problemOf(rig, { on: 'db', inject: { close: at } })).to.match(
          new RegExp(`close at ${at}`),
        );
    }));
});
