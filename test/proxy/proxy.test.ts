import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import { createWaits } from '../../src/proxy/waits.ts';
import { GET, nextPoll, nothingLeft, resources, withRig } from './rig.ts';

describe('a proxy', () => {
  it('ends at once with hanging, slow, held and refused connections under way', () =>
    withRig({}, async ({ control, connect, entriesWhen, proxy, open }) => {
      const { url } = await open({ name: 'other', calls: {} });
      await control.add([
        { on: 'leaderboard', inject: 'hang' },
        { on: 'player-stats', inject: { latency: '1h', at: 'body' } },
        { on: 'other', inject: 'hang' },
      ]);
      const clients = Array.from({ length: 30 }, (_, i) => connect(i % 3 === 0 ? url : undefined));
      for (const [i, client] of clients.entries()) {
        client.send(i % 3 === 1 ? GET : GET.replace('leaderboards', 'stats'));
      }
      await entriesWhen((all) => all.filter((entry) => entry.injected.length > 0).length === 30);
      await proxy[Symbol.asyncDispose]();
      expect(await Promise.all(clients.map(({ ended }) => ended))).to.include('rst');
      const entries = await entriesWhen((all) => all.every(({ end }) => end !== 'pending'));
      expect(new Set(entries.map(({ end }) => end))).to.deep.equal(new Set(['reset']));
    }));

  it('leaves no timer when it is disposed of in the gap before an RST', async () => {
    await withRig({}, async ({ control, connect, entriesWhen, proxy }) => {
      const before = resources();
      await control.add([{ on: 'leaderboard', inject: { reset: 'body' } }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      await proxy[Symbol.asyncDispose]();
      expect(resources().filter((name) => name === 'Timeout').length).to.be.at.most(
        before.filter((name) => name === 'Timeout').length,
      );
    });
  });

  it('ends while an answer that nobody reads is being ended', () =>
    withRig(
      {
        handler: (_request, response) =>
          void response.writeHead(200, { connection: 'close' }).end(Buffer.alloc(30_000_000)),
      },
      async ({ connect, proxy, reached }) => {
        const client = connect();
        client.pause();
        client.send(GET);
        while (reached.length === 0) await nextPoll();
        for (let i = 0; i < 200; i++) await nextPoll();
        await proxy[Symbol.asyncDispose]();
      },
    ));

  it('serves one upstream while another is disposed of', () =>
    withRig({}, async ({ connect, open, proxy, url }) => {
      const second = await open();
      expect(proxy.upstreams.map((upstream) => upstream.url)).to.deep.equal([url, second.url]);
      await second[Symbol.asyncDispose]();
      expect(await connect(second.url).ended).to.equal('refused');
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('says so when a port is taken, and when a name has other calls than before', () =>
    withRig({}, async ({ open }) => {
      const other = await listen(createServer());
      const taken = await open({ port: other.port }).catch((error: unknown) => error);
      expect(taken).to.have.property('code', 'port_taken');
      const twice = await open({ calls: { a: 'GET /' } }).catch((error: unknown) => error);
      expect(twice).to.have.property('code', 'two_upstreams');
      await other[Symbol.asyncDispose]();
    }));

  it('sends the name of the target as Host only where it is told to', () =>
    withRig(
      { handler: (request, response) => void response.end(request.headers.host) },
      async ({ connect, open }) => {
        const { url } = await open({ name: 'own', ownHost: true });
        for (const [base, host] of [
          [undefined, /\r\nstats\r\n/],
          [url, /\r\n127\.0\.0\.1:\d+\r\n/],
        ] as const) {
          const client = connect(base);
          client.send(GET);
          await client.until((text) => text.endsWith('0\r\n\r\n') || /\r\n\r\n./.test(text));
          expect(`${client.text}\r\n`.replace('\r\n\r\n', '\r\n')).to.match(host);
        }
      },
    ));

  it('takes the last of an answer for answered, though the client leaves with it', () =>
    withRig(
      { handler: (_request, response) => void response.end(Buffer.alloc(300_000)) },
      async ({ connect, completed }) => {
        for (let i = 0; i < 50; i++) {
          const client = connect();
          client.send(GET);
          await client.until((text) => text.length > 300_000);
          client.reset();
        }
        const entries = await completed(50);
        expect(entries.filter(({ end }) => end !== 'answered')).to.deep.equal([]);
      },
    ));
});

describe('waits', () => {
  it('last for at least as long as they are told to, and none when they are released', async () => {
    await nextPoll();
    const before = resources();
    const owner = { gone: false, onGone: () => () => {} };
    const waits = createWaits();
    const began = performance.now();
    await waits.wait(15, owner);
    expect(performance.now() - began).to.be.at.least(15);
    // Longer than any timer of Node's: one that is set so fires at once, with a warning.
    const long = waits.wait(2 ** 40, owner);
    const waiting = Promise.all([long, waits.wait(3_600_000, owner), waits.wait(Infinity, owner)]);
    let over = false;
    void waiting.finally(() => (over = true));
    for (let turn = 0; turn < 20; turn++) await nextPoll();
    expect(over).to.equal(false);
    waits.release();
    await waiting;
    await waits.wait(Infinity, owner);
    await nothingLeft(before);
  });
});
