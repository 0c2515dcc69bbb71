import { expect } from 'chai';
import type { JournalEntry } from '../../../src/proxy/journal.ts';
import { createProxy, type Proxy, type ProxyUpstream } from '../../../src/proxy/proxy.ts';
import { tlsClient } from '../../helpers/tls-client.ts';
import { nextPoll, nothingLeft, resources } from '../rig.ts';
import { head } from '../transparency/conversation.ts';
import { connectPeer, listenForPeers, type Peer, type PeerServer } from '../transparency/peer.ts';
import { expectSame } from '../transparency/same.ts';
import { MEMBERS, type MembersCase } from './members.ts';

const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const ACTING = { on: 'stats', match: { path: '/*any' }, inject: { latency: '0ms', at: 'request' } };
const BODY = '3\r\nabc\r\n0\r\n\r\n';

for (const [standing, rules] of [
  ['no rule acts', []],
  ['a rule acts', [ACTING]],
] as const) {
  describe(`what a request's baggage says to brownout, where ${standing}`, () => {
    for (const one of MEMBERS) {
      it(`stays here: members ${one.name}`, () =>
        withPeers({}, async ({ ends, entries }, { control }) => {
          await control.add(rules);
          const { client, upstream } = await ends();
          await pass(client, upstream, [post(one.came)], [post(one.left)]);
          const [entry] = await entries(1);
          expect(entry).to.include({
            run: one.run,
            path: '/0',
            bytesIn: post(one.came).length,
            status: 200,
            end: 'answered',
          });
        }));
    }

    it('stays here on each request of a connection, and belongs to that request alone', () =>
      withPeers({}, async ({ ends, entries }, { control }) => {
        await control.add(rules);
        const { client, upstream } = await ends();
        for (const run of ['a', null, 'b']) {
          const field = run === null ? 'baggage: x=1' : `baggage: brownout.run=${run}, x=1`;
          await pass(client, upstream, [post([field])], [post(['baggage: x=1'])]);
        }
        expect((await entries(3)).map(({ run }) => run)).to.deep.equal(['a', null, 'b']);
      }));

    it('stays here when it is pipelined', () =>
      withPeers({}, async ({ ends, entries }, { control }) => {
        await control.add(rules);
        const { client, upstream } = await ends();
        const came = [post(MEMBERS[1]!.came, 0), post([], 1), post(MEMBERS[3]!.came, 2)];
        const left = [post(MEMBERS[1]!.left, 0), post([], 1), post(MEMBERS[3]!.left, 2)];
        await pass(client, upstream, came, left);
        expect((await entries(3)).map(({ run }) => run)).to.deep.equal(['r1', null, 'r1']);
      }));

    it('stays here when it comes byte by byte', () =>
      withPeers({}, async ({ ends, entries }, { control }) => {
        await control.add(rules);
        const { client, upstream } = await ends();
        const { came, left } = MEMBERS[2] as MembersCase;
        for (const byte of Buffer.from(post(came), 'latin1')) {
          client.send(Buffer.of(byte));
          await nextPoll();
        }
        await upstream.has(post(left).length);
        expectSame(upstream.received(), Buffer.from(post(left), 'latin1'), 'client');
        upstream.send(Buffer.from(OK));
        expect(await entries(1)).to.have.nested.property('[0].run', 'r1');
      }));

    it('stays here on TLS', () =>
      withPeers({ tls: true }, async ({ url, ca, server, entries }, { control }) => {
        await control.add(rules);
        const { came, left } = MEMBERS[1] as MembersCase;
        const client = tlsClient(url, { ca });
        try {
          expect(await client.secure).to.equal(undefined);
          const upstream = await server.connection(0);
          client.socket.write(post(came), 'latin1');
          await upstream.has(post(left).length);
          expectSame(upstream.received(), Buffer.from(post(left), 'latin1'), 'client');
          upstream.send(Buffer.from(OK));
          await client.until((text) => text === OK);
          expect(await entries(1)).to.have.nested.property('[0].run', 'r1');
        } finally {
          client.destroy();
        }
      }));

    it('stays here where the upstream is told its own name', () =>
      withPeers({ ownHost: true }, async ({ ends, server }, { control }) => {
        await control.add(rules);
        const { client, upstream } = await ends();
        const host = `Host: ${new URL(server.url).host}`;
        const left = post(['baggage: a=1']).replace('Host: stats', host);
        await pass(client, upstream, [post(['baggage: brownout.run=x,a=1'])], [left]);
      }));
  });
}

describe('baggage of a request', () => {
  for (const [name, sent] of [
    ['a folded line', post(['baggage: a=1,', ' brownout.run=r1'])],
    ['white space before the colon', post(['baggage : brownout.run=r1'])],
    ['both lengths', post(['Content-Length: 3', 'baggage: brownout.run=r1'])],
    ['a control character', post(['baggage: brownout.run=r1\x01'])],
    ['HTTP/3', post(['baggage: brownout.run=r1']).replace('HTTP/1.1', 'HTTP/3.0')],
  ] as const) {
    it(`passes as it is where the request cannot be read: ${name}`, () =>
      withPeers({}, async ({ ends, entries }) => {
        const { client, upstream } = await ends();
        await pass(client, upstream, [sent], [sent]);
        client.finish();
        upstream.finish();
        const [entry] = await entries(1);
        expect(entry).to.include({ run: null, unframed: true });
      }));
  }

  it('does not change the run of a listener that has one', () =>
    withPeers({ run: 'own' }, async ({ ends, entries }) => {
      const { client, upstream } = await ends();
      await pass(client, upstream, [post(['baggage: brownout.run=r1'])], [post([])]);
      expect(await entries(1)).to.have.nested.property('[0].run', 'own');
    }));

  it('belongs to responses, too, and is left alone there', () =>
    withPeers({}, async ({ ends }) => {
      const { client, upstream } = await ends();
      client.send(Buffer.from(post([])));
      await upstream.has(post([]).length);
      const answer = `${head('HTTP/1.1 200 OK', 'baggage: brownout.run=r1', 'Content-Length: 2')}ok`;
      upstream.send(Buffer.from(answer));
      await client.has(answer.length);
      expectSame(client.received(), Buffer.from(answer), 'upstream');
    }));
});

interface Met {
  readonly url: string;
  readonly ca: string | undefined;
  readonly server: PeerServer;
  readonly ends: () => Promise<{ client: Peer; upstream: Peer }>;
  /** The journal, as soon as it has so many entries and none is pending. */
  readonly entries: (count: number) => Promise<readonly JournalEntry[]>;
}

async function withPeers(
  options: Partial<ProxyUpstream>,
  test: (met: Met, proxy: Proxy) => Promise<void>,
): Promise<void> {
  await nextPoll();
  const before = resources();
  const peers: Peer[] = [];
  {
    await using server = await listenForPeers();
    await using proxy = createProxy({ seed: 'test' });
    const opened = await proxy.open({ name: 'stats', target: server.url, ...options });
    const met: Met = {
      url: opened.url,
      ca: opened.ca,
      server,
      async ends() {
        const client = connectPeer(opened.url);
        const upstream = await server.connection(0);
        peers.push(client, upstream);
        return { client, upstream };
      },
      async entries(count) {
        for (;;) {
          const { entries } = await proxy.control.journal();
          if (entries.length >= count && entries.every(({ end }) => end !== 'pending'))
            return entries;
          await nextPoll();
        }
      },
    };
    try {
      await test(met, proxy);
    } finally {
      for (const peer of peers) peer.destroy();
    }
  }
  await nothingLeft(before);
}

/** Sends requests in one segment; each is answered when the upstream has it, and must have come as it was to. */
async function pass(
  client: Peer,
  upstream: Peer,
  came: readonly string[],
  left: readonly string[],
): Promise<void> {
  const [up, down] = [upstream.received().length, client.received().length];
  client.send(Buffer.from(came.join(''), 'latin1'));
  for (const i of left.keys()) {
    const all = Buffer.from(left.slice(0, i + 1).join(''), 'latin1');
    await upstream.has(up + all.length);
    expectSame(upstream.received().subarray(up, up + all.length), all, 'client');
    upstream.send(Buffer.from(OK));
    await client.has(down + (i + 1) * OK.length);
  }
  await nextPoll();
  expect(upstream.length).to.equal(up + left.join('').length);
}

function post(fields: readonly string[], number = 0): string {
  const lines = ['Host: stats', ...fields, 'Transfer-Encoding: chunked'];
  return head(`POST /${number} HTTP/1.1`, ...lines) + BODY;
}
