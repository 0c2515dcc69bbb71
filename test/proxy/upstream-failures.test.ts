import type { RequestListener } from 'node:http';
import { expect } from 'chai';
import { rawUpstream } from '../helpers/raw-upstream.ts';
import { GET, nextPoll, withRig } from './rig.ts';

const HEAD = 'HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n';

describe('what the upstream does', () => {
  it('is an RST to the client when the upstream is dead, and the journal says so', () =>
    withRig({ target: 'http://127.0.0.1:9' }, async ({ connect, completed }) => {
      const client = connect();
      client.send(GET);
      expect(await client.ended).to.equal('rst');
      expect((await completed(1))[0]).to.deep.include({ end: 'upstream-failed', injected: [] });
    }));

  for (const [what, bytes] of [
    ['in its body', `${HEAD}12345`],
    ['before its head', ''],
    ['in its head', 'HTTP/1.1 200'],
  ] as const) {
    it(`is an RST to the client when the upstream resets ${what}`, async () => {
      const upstream = await rawUpstream((socket) => {
        socket.write(bytes, () => setTimeout(() => socket.resetAndDestroy(), 20));
      });
      await withRig({ target: upstream.url }, async ({ connect, completed }) => {
        const client = connect();
        client.send(GET);
        expect(await client.ended).to.equal('rst');
        expect((await completed(1))[0]).to.include({ end: 'upstream-failed' });
      });
      await upstream[Symbol.asyncDispose]();
    });
  }

  it('goes on to the client when it is not HTTP, or switches protocols', async () => {
    for (const [bytes, status] of [
      ['SSH-2.0\r\n\r\n', null],
      ['HTTP/1.1 101 Now\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n', 101],
    ] as const) {
      const upstream = await rawUpstream((socket) => void socket.end(bytes));
      await withRig({ target: upstream.url }, async ({ connect, completed }) => {
        const client = connect();
        client.send('GET / HTTP/1.1\r\nHost: stats\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n');
        expect(await client.ended).to.equal('fin');
        expect(client.text).to.equal(bytes);
        expect((await completed(1))[0]).to.include({ end: 'answered', status });
      });
      await upstream[Symbol.asyncDispose]();
    }
  });

  it('is a FIN to the client when the upstream closes its idle connection', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.write(`${HEAD}0123456789`, () => setTimeout(() => socket.end(), 10));
    });
    await withRig({ target: upstream.url }, async ({ connect, completed }) => {
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ body: '0123456789' });
      expect(await client.ended).to.equal('fin');
      expect((await completed(1))[0]).to.include({ end: 'answered' });
    });
    await upstream[Symbol.asyncDispose]();
  });

  it('passes a body that only the end of the connection delimits', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.end('HTTP/1.1 200 OK\r\n\r\nall of it');
    });
    await withRig({ target: upstream.url }, async ({ connect, completed }) => {
      const client = connect();
      client.send(GET);
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.equal('HTTP/1.1 200 OK\r\n\r\nall of it');
      expect((await completed(1))[0]).to.include({ end: 'answered', status: 200 });
    });
    await upstream[Symbol.asyncDispose]();
  });

  for (const leave of ['destroy', 'reset'] as const) {
    for (const [when, handler] of [
      ['before the answer', (() => {}) as RequestListener],
      ['in the answer', ((_request, response) => void response.write('x')) as RequestListener],
    ] as const) {
      it(`ends when the client leaves by ${leave} ${when}: 20 of 20`, async () => {
        const closed: true[] = [];
        const counted: RequestListener = (request, response) => {
          request.socket.once('close', () => closed.push(true));
          handler(request, response);
        };
        await withRig({ handler: counted }, async ({ connect, reached, completed }) => {
          const clients = Array.from({ length: 20 }, () => connect());
          for (const client of clients) client.send(GET);
          while (reached.length < 20) await nextPoll();
          if (when === 'in the answer') {
            for (const client of clients) await client.until((text) => text.includes('x'));
          }
          for (const client of clients) client[leave]();
          const entries = await completed(20);
          expect(new Set(entries.map(({ end }) => end))).to.deep.equal(new Set(['client-gone']));
          while (closed.length < 20) await nextPoll();
        });
      });
    }
  }

  it('ends when the client leaves in the middle of its upload', async () => {
    await withRig({ handler: () => {} }, async ({ connect, reached, completed }) => {
      const client = connect();
      client.send('POST /a HTTP/1.1\r\nHost: stats\r\nContent-Length: 10\r\n\r\nabc');
      while (reached.length < 1) await nextPoll();
      client.destroy();
      expect((await completed(1))[0]).to.include({ end: 'client-gone' });
    });
  });

  it('does not keep the proxy from being disposed of while nobody reads a large body', async () => {
    const upstream = await rawUpstream((socket) => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 50000000\r\n\r\n');
      socket.write(Buffer.alloc(50_000_000));
    });
    await withRig({ target: upstream.url }, async ({ connect, proxy, entriesWhen }) => {
      const client = connect();
      client.pause();
      client.send(GET);
      await entriesWhen((all) => all.length === 1);
      while (upstream.sockets.length < 1) await nextPoll();
      await proxy[Symbol.asyncDispose]();
      const [entry] = await entriesWhen((all) => all[0]?.end !== 'pending');
      expect(entry).to.include({ end: 'reset' });
    });
    await upstream[Symbol.asyncDispose]();
  });
});
