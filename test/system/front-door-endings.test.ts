import { execFile } from 'node:child_process';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import { startFrontDoor } from '../../src/index.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { answerOk, withDoor, withRawService } from './front-door-rig.ts';
import { until } from './wait.ts';

const GET = 'GET / HTTP/1.1\r\nHost: shop\r\n\r\n';
const HALF = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf';

describe('a front door whose service does not answer', () => {
  it('says so, and which, in a 502 of its own; the connection goes on', async () => {
    const target = await takenAway();
    await using door = await startFrontDoor({ target });
    const client = rawClient(door.url);
    for (const request of [
      GET,
      'PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: 2\r\n\r\nok',
      GET,
    ]) {
      client.send(request);
      const answer = await client.answer();
      expect(answer).to.include({
        status: 502,
        body: `brownout's front door got no answer from ${target}: ECONNREFUSED\n`,
      });
      expect(client.text).to.contain('\r\nx-brownout: front-door\r\n');
    }
    client.destroy();
  });

  for (const [what, bytes] of [
    ['closes before its answer', ''],
    ['talks nonsense', 'NONSENSE\r\n\r\n'],
    ['gives a status that there is not', 'HTTP/1.1 099 No\r\nContent-Length: 0\r\n\r\n'],
    ['switches protocols unasked', 'HTTP/1.1 101 No\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n'],
  ] as const) {
    it(`says so where it ${what}`, () =>
      withRawService(
        (socket) => void socket.end(bytes),
        async ({ connect, service }) => {
          const client = connect();
          client.send(GET);
          expect(await client.answer()).to.include({ status: 502 });
          expect(client.text).to.contain(service.url.slice(7));
        },
      ));
  }

  for (const target of ['shop:3000', '127.0.0.1:3000', 'ftp://shop', '/shop']) {
    it(`does not start before "${target}"`, async () => {
      const opened = startFrontDoor({ target });
      expect(await opened.then(String, ({ code }) => code)).to.equal('invalid_target');
    });
  }
});

describe('a front door whose service breaks off', () => {
  for (const [how, version, end] of [
    ['reset', '1.1', 'fin'],
    ['closed', '1.1', 'fin'],
    ['reset', '1.0', 'rst'],
    ['closed', '1.0', 'rst'],
  ] as const) {
    it(`ends the client of HTTP/${version} when the body is ${how}, after what came of it`, () =>
      withRawService(
        (socket) => void socket.write(HALF),
        async ({ connect, service }) => {
          const client = connect();
          client.send(`GET / HTTP/${version}\r\nHost: shop\r\n\r\n`);
          await client.until((text) => text.endsWith('half'));
          if (how === 'reset') service.sockets[0]?.resetAndDestroy();
          else service.sockets[0]?.destroy();
          expect(await client.ended).to.equal(end);
          expect(client.text).to.match(/half$/);
        },
      ));
  }

  it('gives its early answer to a client that still sends, and takes the next request', () =>
    withDoor(
      {},
      (request, response) => {
        if (request.url === '/next') return void response.end('next');
        response.writeHead(413, { 'content-length': 0, connection: 'close' }).end();
      },
      async ({ connect }) => {
        const client = connect();
        client.send('PUT /big HTTP/1.1\r\nHost: shop\r\nContent-Length: 9000000\r\n\r\n');
        expect(await client.answer()).to.include({ status: 413 });
        client.send(Buffer.alloc(9_000_000));
        client.send('GET /next HTTP/1.1\r\nHost: shop\r\n\r\n');
        await client.until((text) => text.includes('next'));
      },
    ));
});

describe('a front door whose client leaves', () => {
  for (const [when, request] of [
    ['before the answer', GET],
    [
      'in the middle of its own body',
      'PUT / HTTP/1.1\r\nHost: shop\r\nContent-Length: 9\r\n\r\nhalf',
    ],
  ] as const) {
    it(`ends its connection to the service ${when}`, () =>
      withRawService(
        () => {},
        async ({ connect, service }) => {
          for (let i = 0; i < 20; i++) {
            const client = connect();
            client.send(request);
            await until(() => service.sockets.length > i && service.text.includes('shop'));
            client.reset();
          }
          await until(() =>
            service.sockets.every(({ readableEnded, destroyed }) => readableEnded || destroyed),
          );
        },
      ));
  }

  it('ends its connection to the service in the middle of the answer', () =>
    withRawService(
      (socket) => void socket.write(HALF),
      async ({ connect, service }) => {
        for (let i = 0; i < 20; i++) {
          const client = connect();
          client.send(GET);
          await client.until((text) => text.endsWith('half'));
          client.destroy();
        }
        await until(() =>
          service.sockets.every(({ readableEnded, destroyed }) => readableEnded || destroyed),
        );
      },
    ));
});

describe('a front door that is disposed', () => {
  it('ends what is under way, both sides, and refuses from then on', () =>
    withRawService(
      () => {},
      async ({ door, connect, service }) => {
        const clients = [connect(), connect()];
        clients[0]?.send(GET);
        await until(() => service.sockets.length === 1);
        await door[Symbol.asyncDispose]();
        for (const client of clients) expect(await client.ended).to.be.oneOf(['fin', 'rst']);
        await until(() => service.sockets[0]?.readableEnded === true);
        expect(await connect().ended).to.equal('refused');
      },
    ));

  it('lets its port be taken again, and says so where it is taken', () =>
    withDoor({}, answerOk, async ({ door }) => {
      const again = { target: door.url, port: door.port };
      expect(await startFrontDoor(again).then(String, ({ code }) => code)).to.equal('port_taken');
      await door[Symbol.asyncDispose]();
      await using second = await startFrontDoor(again);
      expect(second.url).to.equal(door.url);
    }));
});

describe('a front door among bad clients', () => {
  it('goes on after malformed requests, CONNECT and a flood of headers', () =>
    withDoor({ run: 'r1' }, answerOk, async ({ connect }) => {
      for (const bytes of [
        'NONSENSE\r\n\r\n',
        'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
        'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET /\xe9 HTTP/1.1\r\nHost: a\r\n\r\n',
        'GET http://[::1:x/ HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n',
        `GET / HTTP/1.1\r\nHost: a\r\n${`x: ${'y'.repeat(2 ** 20)}\r\n`.repeat(2)}\r\n`,
      ]) {
        const client = connect();
        client.send(bytes);
        await client.ended;
      }
      const client = connect();
      client.send(`GET / HTTP/1.1\r\nHost: a\r\n${'x: y\r\n'.repeat(2100)}\r\n`);
      expect(await client.answer()).to.include({ status: 200 });
    }));
});

describe('a program that has a front door', () => {
  it('has node:util as it was, and no warning of what http-proxy uses', async () => {
    const index = new URL('../../src/index.js', import.meta.url).href;
    const program = `
      import util from 'node:util';
      const own = util._extend;
      const { startFrontDoor } = await import('${index}');
      const door = await startFrontDoor({ target: 'http://127.0.0.1:1' });
      const { status } = await fetch(door.url);
      await door[Symbol.asyncDispose]();
      console.log(status, util._extend === own);`;
    const argv = ['--throw-deprecation', '--input-type=module', '--eval', program];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, argv);
    expect({ stdout, stderr }).to.deep.equal({ stdout: '502 true\n', stderr: '' });
  });
});

/** An address that refuses: it was ours a moment ago. */
async function takenAway(): Promise<string> {
  const server = await listen(createServer());
  await server[Symbol.asyncDispose]();
  return server.url;
}
