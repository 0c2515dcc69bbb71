import { createServer, type Socket } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../../../src/common/server.ts';
import { TOXICS } from '../../../../src/proxy/toxiproxy/toxic-spec.ts';
import { createToxiproxy } from '../../../../src/proxy/toxiproxy/toxiproxy.ts';
import { withToxiproxy, type Serve } from './with-toxiproxy.ts';

/** Sends as much as is taken, and takes all that comes. */
const flood: Serve = (_peer, socket) => {
  const piece = Buffer.alloc(16 * 1024, 'x');
  const more = () => {
    while (!socket.destroyed && socket.writable && socket.write(piece));
  };
  socket.resume();
  socket.on('drain', more).on('error', () => socket.destroy());
  more();
};

/** Ten times what it should take, and far less than Toxiproxy's own 25 seconds for a deadlock. */
const SOON = 10_000;

describe('while bytes flow both ways', () => {
  for (const { type, attributes } of TOXICS.values()) {
    it(`${type} is added, changed and removed at once, to readers that read nothing, too`, () =>
      withToxiproxy(flood, async ({ ask, upstream, pair }) => {
        const { body: db } = await ask('POST /proxies', { name: 'db', upstream });
        const clients = await Promise.all([pair(db), pair(db), pair(db), pair(db)]);
        for (const [i, [client]] of clients.entries()) {
          if (i % 2 === 0) client.pause();
          client.send(Buffer.alloc(4 * 1024 ** 2, 'y'));
        }
        const least = Object.entries(attributes).map(([name, { min = 0 }]) => [name, min]);
        const most = Object.entries(attributes).map(([name, { unit, min = 0 }]) => [
          name,
          unit === 'ms' ? 60_000 : min,
        ]);
        for (const stream of ['upstream', 'downstream']) {
          for (const values of [least, most]) {
            const sent = { type, stream, attributes: Object.fromEntries(values) };
            const began = performance.now();
            const path = `/proxies/db/toxics/${type}_${stream}`;
            expect((await ask('POST /proxies/db/toxics', sent)).status).to.equal(200);
            expect((await ask(`PATCH ${path}`, { toxicity: 0.5 })).status).to.equal(200);
            expect((await ask(`PATCH ${path}`, { toxicity: 1 })).status).to.equal(200);
            expect((await ask('GET /proxies')).status).to.equal(200);
            expect((await ask(`DELETE ${path}`)).status).to.equal(204);
            expect(performance.now() - began).to.be.below(SOON);
          }
        }
        expect((await ask('PATCH /proxies/db', { enabled: false })).status).to.equal(200);
        expect((await ask('DELETE /proxies/db')).status).to.equal(204);
        for (const [client] of clients) client.destroy();
      }));
  }
});

describe('changes that are made at once', () => {
  it('are made one after another, and each is whole', () =>
    withToxiproxy(
      () => {},
      async ({ ask, upstream, proxy }) => {
        const given = { name: 'db', upstream, listen: '127.0.0.1:0' };
        // Without a wire between them: all of them begin before the first is done.
        const toxiproxy = createToxiproxy(proxy);
        const created = await Promise.allSettled(
          Array.from({ length: 8 }, () => toxiproxy.create(given)),
        );
        expect(created.filter(({ status }) => status === 'fulfilled')).to.have.length(1);
        expect(proxy.upstreams).to.have.length(1);
        const toxic = (i: number) =>
          ask('POST /proxies/db/toxics', { type: 'noop', name: `t${i}` });
        const lines = Array.from({ length: 30 }, (_, i) => [
          () => toxic(i % 10),
          () => ask('PATCH /proxies/db', { enabled: i % 2 === 0 }),
          () => ask(`DELETE /proxies/db/toxics/t${i % 10}`),
          () => ask('POST /populate', [{ ...given, toxics: [{ type: 'latency' }] }]),
          () => ask('POST /reset'),
        ]).flat();
        const told = await Promise.all(lines.map((send) => send()));
        for (const { status } of told) expect(status).to.be.oneOf([200, 201, 204, 404, 409]);
        await ask('POST /reset');
        const { body } = await ask('GET /proxies');
        expect(body).to.have.nested.property('db.enabled', true);
        expect(body).to.have.nested.property('db.toxics').that.deep.equals([]);
        expect(proxy.upstreams).to.have.length(1);
        expect(proxy.reserved).to.deep.equal([]);
        expect((await ask('DELETE /proxies/db')).status).to.equal(204);
        expect(proxy.upstreams).to.have.length(0);
      },
    ));
});

describe('an upstream that cannot be reached', () => {
  it('does not keep its proxy from being changed', async () => {
    // Its backlog is full at once: what connects then waits.
    const sockets: Socket[] = [];
    const server = createServer({ pauseOnConnect: true }, (socket) => void sockets.push(socket));
    const silentOne = await listen(server);
    await withToxiproxy(
      () => {},
      async ({ ask, dial }) => {
        const upstream = '192.0.2.1:9';
        const { body: db } = await ask('POST /proxies', { name: 'db', upstream });
        const client = dial(db);
        client.send('hello');
        const began = performance.now();
        await ask('POST /proxies/db/toxics', { type: 'timeout' });
        await ask('PATCH /proxies/db', { upstream: `127.0.0.1:${silentOne.port}` });
        expect((await ask('DELETE /proxies/db')).status).to.equal(204);
        expect(performance.now() - began).to.be.below(SOON);
        await client.ended;
      },
    );
    for (const socket of sockets) socket.destroy();
    await silentOne[Symbol.asyncDispose]();
  });
});
