import { expect } from 'chai';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type Socket } from 'node:net';
import { BrownoutError } from '../../src/common/errors.ts';
import { listen, urlOf } from '../../src/common/server.ts';

async function open(port: number): Promise<Socket> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  return socket;
}

/** Resolves when the connection has ended, be it by a reset, which is what unread input makes of an end. */
function ended(socket: Socket): Promise<void> {
  socket.on('error', () => {});
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

async function failure(promise: Promise<unknown>): Promise<NodeJS.ErrnoException> {
  return promise.then(
    () => expect.fail('it did not fail'),
    (error: NodeJS.ErrnoException) => error,
  );
}

describe('a server that listens', () => {
  it('has the address that clients reach it by', async () => {
    await using listening = await listen(createHttpServer((_, response) => response.end('hello')));
    expect(listening.port).to.be.above(0);
    expect(listening.host).to.equal('127.0.0.1');
    expect(listening.url).to.equal(`http://127.0.0.1:${listening.port}`);
    expect(await (await fetch(listening.url)).text()).to.equal('hello');
  });

  it('takes the port it is told', async () => {
    const first = await listen(createServer());
    await first[Symbol.asyncDispose]();
    await using second = await listen(createServer(), first.port);
    expect(second.port).to.equal(first.port);
  });

  it('puts an IPv6 address into brackets', () => {
    expect(urlOf('::1', 80)).to.equal('http://[::1]:80');
    expect(urlOf('127.0.0.1', 80)).to.equal('http://127.0.0.1:80');
  });

  it('says in a sentence that a port is taken', async () => {
    await using listening = await listen(createServer());
    const error = await failure(listen(createServer(), listening.port));
    expect(error).to.be.instanceOf(BrownoutError).with.property('code', 'port_taken');
    expect(error.message).to.equal(
      `127.0.0.1:${listening.port} is taken by another program: choose another port`,
    );
    expect(error.cause).to.have.property('code', 'EADDRINUSE');
  });

  it('fails as Node does where an address cannot be had', async () => {
    expect(await failure(listen(createServer(), 0, '192.0.2.1'))).to.have.property(
      'code',
      'EADDRNOTAVAIL',
    );
    expect(await failure(listen(createServer(), 70_000))).to.have.property(
      'code',
      'ERR_SOCKET_BAD_PORT',
    );
  });

  it('refuses connections once it is disposed of', async () => {
    const listening = await listen(createServer());
    await listening[Symbol.asyncDispose]();
    expect(await failure(open(listening.port))).to.have.property('code', 'ECONNREFUSED');
  });

  it('can be disposed of twice', async () => {
    const listening = await listen(createServer());
    await listening[Symbol.asyncDispose]();
    await listening[Symbol.asyncDispose]();
  });

  const servers = [
    ['TCP connections', 'connection', () => createServer()],
    ['HTTP requests that wait', 'request', () => createHttpServer(() => {})],
    ['upgraded connections', 'upgrade', () => createHttpServer().on('upgrade', () => {})],
  ] as const;
  for (const [title, arrival, create] of servers) {
    it(`ends ${title} when it is disposed of`, async () => {
      const server = create();
      const listening = await listen(server);
      const arrived = once(server, arrival);
      const socket = await open(listening.port);
      socket.write('GET / HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
      await arrived;
      const closed = ended(socket);
      await listening[Symbol.asyncDispose]();
      await closed;
    });
  }
});
