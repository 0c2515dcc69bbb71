import { once } from 'node:events';
import http from 'node:http';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import { send } from '../../src/scenario/requests/request.ts';

const GET = { method: 'GET', path: '/page', headers: {}, body: undefined };
const NEVER = new AbortController().signal;

describe('a request to the service under test', () => {
  it('has a connection of its own, which ends with it', async () => {
    const sockets = new Set<unknown>();
    const said: unknown[] = [];
    const server = http.createServer((request, response) => {
      sockets.add(request.socket);
      said.push(request.headers.connection);
      response.end('{}');
    });
    await using listening = await listen(server);
    for (let i = 0; i < 3; i++)
      expect((await send(listening.url, GET, 1000, NEVER)).json).to.eql({});
    expect(sockets.size).to.equal(3);
    expect(said).to.deep.equal(['close', 'close', 'close']);
  });

  it('that is given up in time says so, and lets go of the connection, whatever had come by then', async () => {
    for (const begin of [false, true]) {
      const server = http.createServer((_, response) => {
        if (begin) response.write('{"half":');
      });
      await using listening = await listen(server);
      const gone = once(server, 'request').then(([request]) =>
        once((request as http.IncomingMessage).socket, 'close'),
      );
      const answer = await send(listening.url, GET, 50, NEVER);
      expect(answer).to.include({ status: null, body: '', problem: 'no answer within 50ms' });
      await gone;
    }
  });

  it('that is interrupted rejects with the reason, and lets go of the connection', async () => {
    const server = http.createServer(() => {});
    await using listening = await listen(server);
    const interrupt = new AbortController();
    const asked = once(server, 'request');
    const sending = send(listening.url, GET, 60_000, interrupt.signal);
    const [request] = (await asked) as [http.IncomingMessage];
    const gone = once(request.socket, 'close');
    interrupt.abort(new Error('enough'));
    expect(await sending.catch((error: unknown) => String(error))).to.equal('Error: enough');
    await gone;
  });
});
