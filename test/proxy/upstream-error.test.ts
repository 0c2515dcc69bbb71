import { expect } from 'chai';
import type { ProxyUpstream } from '../../src/proxy/proxy.ts';
import { rawUpstream } from '../helpers/raw-upstream.ts';
import { GET, withRig } from './rig.ts';

const DEAD = 'http://127.0.0.1:1';
const SAID: Record<NonNullable<ProxyUpstream['upstreamError']>, string> = {
  reset: 'rst',
  close: 'fin',
  '502': 'fin',
};

describe('a dead upstream is told', () => {
  for (const [upstreamError, ended] of Object.entries(SAID)) {
    for (const acts of [false, true]) {
      const how = acts ? 'while a rule acts' : 'while none acts';
      it(`by ${upstreamError} where that was asked for, ${how}`, () =>
        withRig(
          { target: DEAD, upstreamError: upstreamError as keyof typeof SAID },
          async ({ connect, control, completed }) => {
            if (acts) await control.add([{ on: 'leaderboard', inject: { latency: '10ms' } }]);
            const client = connect();
            client.send(GET);
            expect(await client.ended).to.equal(ended);
            const is502 = upstreamError === '502';
            const whole =
              /^HTTP\/1\.1 502 Bad Gateway\r\n[^]*\r\n\r\nthe upstream did not answer\n$/;
            if (is502) expect(client.text).to.match(whole);
            else expect(client.text).to.equal('');
            expect((await completed(1))[0]).to.include({
              end: 'upstream-failed',
              failure: 'ECONNREFUSED',
              status: is502 ? 502 : null,
              bytesOut: client.text.length,
            });
          },
        ));
    }
  }

  for (const acts of [false, true]) {
    it(`by a 502 too when it leaves without a word, ${acts ? 'with' : 'without'} a rule that acts`, async () => {
      const upstream = await rawUpstream((socket) => void socket.end());
      await withRig({ target: upstream.url, upstreamError: '502' }, async (rig) => {
        if (acts) await rig.control.add([{ on: 'leaderboard', inject: { latency: '10ms' } }]);
        const client = rig.connect();
        client.send(GET);
        expect(await client.answer()).to.include({ status: 502 });
        expect(await client.ended).to.equal('fin');
        expect((await rig.completed(1))[0]).to.include({ end: 'upstream-failed', status: 502 });
      });
      await upstream[Symbol.asyncDispose]();
    });
  }

  it('by no body to a HEAD, and never by a 502 in the middle of an answer', async () => {
    await withRig({ target: DEAD, upstreamError: '502' }, async ({ connect }) => {
      const client = connect();
      client.send(GET.replace('GET', 'HEAD'));
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.match(/^HTTP\/1\.1 502 [^]*\r\n\r\n$/);
    });
    const upstream = await rawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n01', () =>
        socket.resetAndDestroy(),
      );
    });
    await withRig({ target: upstream.url, upstreamError: '502' }, async ({ connect }) => {
      const client = connect();
      client.send(GET);
      expect(await client.ended).to.equal('fin');
      expect(client.text).not.to.include('502');
    });
    await upstream[Symbol.asyncDispose]();
  });
});

describe('what cannot be framed is refused where that was asked for', () => {
  it('by a 400 in its turn, and the upstream does not see it', () =>
    withRig({ unframed: 'refuse' }, async ({ connect, reached, completed }) => {
      const client = connect();
      const both = 'Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n';
      client.send(`${GET}POST /smuggled HTTP/1.1\r\nHost: stats\r\n${both}`);
      expect(await client.answer()).to.include({ status: 200 });
      expect(await client.answer()).to.include({ status: 400 });
      expect(await client.ended).to.equal('fin');
      expect(reached).to.deep.equal(['GET /leaderboards/duke']);
      const [, entry] = await completed(2);
      expect(entry).to.include({ unframed: true, status: 400, method: null });
    }));
});
