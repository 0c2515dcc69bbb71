import { expect } from 'chai';
import { BODY, GET, withRig } from '../rig.ts';

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
});
