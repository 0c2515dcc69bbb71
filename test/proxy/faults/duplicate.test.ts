import { Agent, request, type IncomingMessage } from 'node:http';
import { once } from 'node:events';
import { expect } from 'chai';
import type { RawAnswer } from '../../helpers/raw-client.ts';
import { BODY, GET, ROWS, send, withRig } from '../rig.ts';
import { problemOf } from './problem.ts';

describe('duplicate on the wire', () => {
  it('brings every request of a connection to the upstream twice, and one answer back', () =>
    withRig({}, async ({ control, connect, reached, completed }) => {
      await control.add([{ on: 'leaderboard', inject: 'duplicate' }]);
      const client = connect();
      for (let i = 1; i <= 2; i++) {
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200, body: BODY });
        const entry = (await completed(i))[i - 1];
        expect(entry).to.include({ status: 200, end: 'answered' });
        expect(entry?.injected).to.have.length(1);
        expect(entry?.injected[0]).to.include({ fault: 'duplicate', phase: 'request' });
        expect(reached).to.have.length(2 * i);
      }
      expect(client.text.match(/HTTP\/1.1 /g)).to.have.length(2);
    }));

  for (const [how, headers] of [
    ['by its length', { 'content-length': '5' }],
    ['in chunks', { 'transfer-encoding': 'chunked' }],
  ] as const) {
    it(`brings a body that is framed ${how} twice, too`, () => {
      const bodies: string[] = [];
      return withRig(
        {
          handler(request, response) {
            void request.toArray().then((chunks) => {
              bodies.push(
                `${request.method} ${request.url} ${request.headersDistinct['x-a']?.join()} ${chunks.join('')}`,
              );
              response.end('done');
            });
          },
        },
        async ({ control, url, completed }) => {
          await control.add([{ on: 'stats', match: 'POST /*any', inject: 'duplicate' }]);
          const options = { method: 'POST', body: 'order', headers: { ...headers, 'x-a': 'b' } };
          expect((await send(`${url}/orders?n=1`, options)).body.toString()).to.equal('done');
          expect(bodies).to.deep.equal(['POST /orders?n=1 b order', 'POST /orders?n=1 b order']);
          expect((await completed(1))[0]?.injected).to.have.length(1);
        },
      );
    });
  }

  it('gives the whole response twice: the second stands where the next answer is due', () =>
    withRig({}, async ({ control, connect, reached, completed }) => {
      const inject = { duplicate: 'response' };
      await control.add([{ on: 'leaderboard', inject, trigger: { first: 1 } }]);
      const client = connect();
      client.send(GET);
      const first = (await client.answer()) as RawAnswer;
      const second = (await client.answer()) as RawAnswer;
      expect(first).to.include({ status: 200, body: BODY });
      expect(second.raw).to.equal(first.raw);
      expect(reached).to.have.length(1);
      const [entry] = await completed(1);
      expect(entry).to.include({ status: 200, end: 'answered', bytesOut: 2 * first.raw.length });
      expect(entry?.injected).to.have.length(1);
      expect(entry?.injected[0]).to.include({ fault: 'duplicate', phase: 'headers' });
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      expect((await completed(2))[1]?.injected).to.deep.equal([]);
    }));

  it('gives a response without a body twice, and one of chunks by its length', () =>
    withRig(
      {
        handler(request, response) {
          if (request.method === 'HEAD') {
            response.writeHead(200, { 'content-length': 79 });
            return void response.end();
          }
          response.write(BODY.slice(0, 4));
          response.end(BODY.slice(4));
        },
      },
      async ({ control, connect }) => {
        await control.add([{ on: 'stats', inject: { duplicate: 'response' } }]);
        const head = connect();
        head.send(GET.replace('GET', 'HEAD'));
        await head.until((text) => text.split('\r\n\r\n').length === 3);
        const [first, second] = head.text.split('\r\n\r\n');
        expect(second).to.equal(first);
        expect(first).to.match(/^content-length: 79$/im);
        const chunked = connect();
        chunked.send(GET);
        expect(await chunked.answer()).to.include({ body: BODY });
        expect(await chunked.answer()).to.include({ body: BODY });
      },
    ));

  it('makes Node’s client give the connection up, and the next request opens a new one', () =>
    withRig({}, async ({ control, url }) => {
      const inject = { duplicate: 'response' };
      await control.add([{ on: 'leaderboard', inject, trigger: { first: 1 } }]);
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      const ports: unknown[] = [];
      for (let i = 0; i < 2; i++) {
        const sent = request(`${url}/leaderboards/duke`, { agent }).end();
        sent.on('error', () => {});
        const [response] = (await once(sent, 'response')) as [IncomingMessage];
        const { socket } = response;
        ports.push(socket.localPort);
        expect(JSON.parse(Buffer.concat(await response.toArray()).toString())).to.deep.equal(ROWS);
        if (i === 0 && !socket.destroyed) await once(socket, 'close');
      }
      agent.destroy();
      expect(ports[1]).not.to.equal(ports[0]);
    }));

  it('cannot copy a request when its response is there already', () =>
    withRig({}, async (rig) => {
      const match = { path: '/*any', response: { status: 200 } };
      const rule = { on: 'stats', match, inject: 'duplicate' };
      expect(await problemOf(rig, rule)).to.match(
        /before the response that match.response asks for/,
      );
      expect(await problemOf(rig, { ...rule, inject: { duplicate: 'response' } })).to.equal('');
    }));
});
