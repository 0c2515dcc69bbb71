import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import { startFrontDoor } from '../../src/index.ts';
import { rawClient, type RawClient } from '../helpers/raw-client.ts';
import { withRawService } from './front-door-rig.ts';
import { until } from './wait.ts';

const KEY = randomBytes(16).toString('base64');
const acceptOf = (key = '') =>
  createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');

const HANDSHAKE = [
  'GET /feed//live HTTP/1.1',
  'Host: shop',
  'Connection: keep-alive, Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  `Sec-WebSocket-Key: ${KEY}`,
  'baggage: user=7',
  '\r\n',
].join('\r\n');

/** A text frame; what a client sends is masked. */
function frame(text: string, masked: boolean): Buffer {
  const payload = Buffer.from(text);
  if (!masked) return Buffer.concat([Buffer.from([0x81, payload.length]), payload]);
  const mask = Buffer.from([1, 2, 3, 4]);
  const hidden = payload.map((byte, i) => byte ^ (mask[i % 4] ?? 0));
  return Buffer.concat([Buffer.from([0x81, 0x80 | payload.length]), mask, hidden]);
}

/** A service that takes the handshake and echoes what comes after it, byte for byte. */
const echo: Parameters<typeof withRawService>[0] = (socket, text) => {
  if (!text.endsWith('\r\n\r\n')) return;
  const key = /^sec-websocket-key: (.*)$/im.exec(text)?.[1];
  const answer = ['HTTP/1.1 101 Switching Protocols', 'Upgrade: websocket', 'Connection: Upgrade'];
  // The service speaks first, in the same bytes as its handshake.
  socket.write(
    [...answer, `Sec-WebSocket-Accept: ${acceptOf(key)}`, '', ''].join('\r\n') + 'hello',
  );
  socket.removeAllListeners('data').on('data', (chunk: Buffer) => void socket.write(chunk));
};

async function opened(client: RawClient): Promise<void> {
  client.send(HANDSHAKE);
  await client.until((text) => text.endsWith('hello'));
}

describe('a WebSocket through a front door', () => {
  it('opens, with what the front door adds, and carries frames both ways', () =>
    withRawService(echo, async ({ connect, service }) => {
      const client = connect();
      await opened(client);
      expect(client.text).to.match(/^HTTP\/1\.1 101 /);
      expect(client.text).to.contain(`: ${acceptOf(KEY)}\r\n`);
      expect(service.text).to.match(/^GET \/feed\/\/live HTTP\/1\.1\r\n/);
      expect(service.text).to.match(/^traceparent: 00-[0-9a-f]{32}-[0-9a-f]{16}-01\r$/im);
      expect(service.text).to.match(/^baggage: user=7,brownout.run=r1\r$/im);
      const start = client.text.length;
      const frames = Buffer.concat([frame('one', true), frame('two', true), frame('three', false)]);
      client.send(frames);
      await client.until((text) => text.length === start + frames.length);
      expect(client.text.slice(start)).to.equal(frames.toString('latin1'));
    }));

  it('passes what the client sent together with its handshake', () =>
    withRawService(echo, async ({ connect }) => {
      const client = connect();
      client.send(Buffer.concat([Buffer.from(HANDSHAKE), Buffer.from('early')]));
      await client.until((text) => text.endsWith('early'));
    }));

  it('carries 3 MB, to a client that reads slowly, before the service ends it', () =>
    withRawService(
      (socket, text) => {
        echo(socket, text);
        if (text.endsWith('\r\n\r\n')) socket.end(Buffer.alloc(3_000_000, 'x'));
      },
      async ({ connect }) => {
        const client = connect();
        await client.until(() => true);
        client.send(HANDSHAKE);
        client.pause();
        await new Promise((resolve) => setTimeout(resolve, 50));
        client.resume();
        expect(await client.ended).to.equal('fin');
        expect(/x+$/.exec(client.text)?.[0]).to.have.length(3_000_000);
      },
    ));

  it('ends at the client as the service ends it', () =>
    withRawService(echo, async ({ connect, service }) => {
      const ends = [];
      for (const how of ['end', 'resetAndDestroy'] as const) {
        const client = connect();
        await opened(client);
        service.sockets.at(-1)?.[how]();
        ends.push(await client.ended);
      }
      expect(ends).to.deep.equal(['fin', 'rst']);
    }));

  for (const [how, when] of [
    ['destroy', 'after'],
    ['reset', 'after'],
    ['reset', 'before'],
  ] as const) {
    it(`ends at the service when the client leaves by ${how}, ${when} it is open`, () =>
      withRawService(when === 'after' ? echo : () => {}, async ({ connect, service }) => {
        const client = connect();
        if (when === 'after') await opened(client);
        else client.send(HANDSHAKE);
        await until(() => service.text.includes('shop'));
        client[how]();
        await until(
          () =>
            service.sockets[0]?.destroyed === true || service.sockets[0]?.readableEnded === true,
        );
      }));
  }

  it('that the service refuses gets its answer, whole, and the connection ends', () =>
    withRawService(
      (socket) =>
        void socket.end(
          'HTTP/1.1 403 Not You\r\nX-Why: closed\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nshut\r\n0\r\n\r\n',
        ),
      async ({ connect }) => {
        const client = connect();
        client.send(HANDSHAKE);
        expect(await client.ended).to.equal('fin');
        expect(client.text).to.equal(
          'HTTP/1.1 403 Not You\r\nX-Why: closed\r\nconnection: close\r\n\r\nshut',
        );
      },
    ));

  it('that no service takes gets a 502', async () => {
    const gone = await listen(createServer());
    await gone[Symbol.asyncDispose]();
    await using door = await startFrontDoor({ target: gone.url });
    const client = rawClient(door.url);
    client.send(HANDSHAKE);
    expect(await client.answer()).to.include({
      status: 502,
      body: `brownout's front door got no answer from ${gone.url}: ECONNREFUSED\n`,
    });
    expect(client.text).to.contain('x-brownout: front-door');
    expect(await client.ended).to.equal('fin');
    client.finish();
  });

  it('ends on both sides when the front door is disposed', () =>
    withRawService(echo, async ({ door, connect, service }) => {
      const client = connect();
      await opened(client);
      await door[Symbol.asyncDispose]();
      expect(await client.ended).to.be.oneOf(['fin', 'rst']);
      await until(
        () => service.sockets[0]?.readableEnded === true || service.sockets[0]?.destroyed === true,
      );
    }));
});
