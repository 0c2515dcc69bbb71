import { Agent, request } from 'node:http';
import { once } from 'node:events';
import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { BODY, GET, withRig } from '../rig.ts';
import { problemOf } from './problem.ts';
import { withBody } from './with-body.ts';

const ONCE = { first: 1 };

describe('wrong-length on the wire', () => {
  it('says fewer bytes than come: those left over stand before the next answer', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'wrong-length': -3 }, trigger: ONCE }]);
      const client = connect();
      client.send(GET);
      await client.until((text) => text.endsWith(BODY));
      const head = client.text.slice(0, -BODY.length);
      expect(head).to.match(new RegExp(`^Content-Length: ${BODY.length - 3}\r$`, 'im'));
      client.send(GET);
      await client.until((text) => text.length > head.length + BODY.length && text.endsWith(BODY));
      const next = client.text.slice(head.length + BODY.length);
      expect(next).to.match(/^HTTP\/1.1 200 OK\r\n/);
      const [broken, healthy] = await completed(2);
      expect(broken).to.include({
        status: 200,
        end: 'answered',
        bytesOut: head.length + BODY.length,
      });
      expect(broken?.injected[0]).to.include({ fault: 'wrong-length', phase: 'body' });
      expect(healthy).to.deep.include({ injected: [], bytesOut: next.length });
    }));

  it('says more bytes than come: the client goes on waiting, and takes the next answer for the rest', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'wrong-length': 9 }, trigger: ONCE }]);
      const client = connect();
      client.send(GET);
      await client.until((text) => text.endsWith(BODY));
      await completed(1);
      client.send(GET);
      const first = (await client.answer()) as RawAnswer;
      expect(first.body).to.equal(`${BODY}HTTP/1.1 `);
      expect(await client.until((text) => text.endsWith(BODY))).to.equal(undefined);
      expect((await completed(2)).map(({ injected }) => injected.length)).to.deep.equal([1, 0]);
    }));

  it('acts on a connection that was kept alive, too', () =>
    withRig({}, async ({ control, connect }) => {
      const client = connect();
      client.send(GET);
      await client.answer();
      await control.add([{ on: 'leaderboard', inject: 'wrong-length' }]);
      client.send(GET);
      expect(await client.answer()).to.include({ body: BODY.slice(0, -1) });
    }));

  it('makes Node’s client cut the answer short and give the connection up', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { 'wrong-length': -5 }, trigger: ONCE }]);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const sent = request(`${url}/leaderboards/duke`, { agent }).end();
      const failed = once(sent, 'error');
      const [response] = await once(sent, 'response');
      const body = Buffer.concat(await response.toArray()).toString();
      agent.destroy();
      expect(body).to.equal(BODY.slice(0, -5));
      expect((await failed)[0]).to.have.property('code', 'HPE_INVALID_CONSTANT');
    }));

  it('frames a chunked body by the wrong length', () =>
    withRig(
      {
        handler(_request, response) {
          response.write('0123');
          response.end('456789');
        },
      },
      async ({ control, connect }) => {
        await control.add([{ on: 'leaderboard', inject: { 'wrong-length': -6 } }]);
        const client = connect();
        client.send(GET);
        await client.until((text) => text.endsWith('\r\n\r\n0123456789'));
        expect(client.text).to.match(/^content-length: 4\r$/im);
        expect(client.text).not.to.match(/transfer-encoding/i);
      },
    ));

  it('says nothing below 0, and does not act where that is right', () =>
    withBody('', {}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { 'wrong-length': -1_000_000 } }]);
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200, body: '' });
      expect((await completed(1))[0]).to.deep.include({ injected: [], end: 'answered' });
    }));

  for (const [what, line, status] of [
    ['an answer to HEAD', 'HEAD /leaderboards/duke', 200],
    ['a 204', 'GET /leaderboards/none', 204],
    ['a 304', 'GET /leaderboards/same', 304],
  ] as const) {
    it(`leaves ${what} alone, for nothing would be read of its length`, () =>
      withRig(
        {
          handler(request, response) {
            response.writeHead(request.method === 'HEAD' ? 200 : status);
            response.end();
          },
        },
        async ({ control, connect, completed }) => {
          await control.add([{ on: 'stats', inject: { 'wrong-length': 7 } }]);
          const client = connect();
          client.send(`${line} HTTP/1.1\r\nHost: stats\r\n\r\n`);
          expect(await client.answer(true)).to.include({ status });
          expect((await completed(1))[0]).to.deep.include({ injected: [], end: 'answered' });
        },
      ));
  }

  it('refuses the right length', () =>
    withRig({}, async (rig) => {
      const inject = { 'wrong-length': 0 };
      expect(await problemOf(rig, { on: 'leaderboard', inject })).to.match(/the right length/);
    }));
});
