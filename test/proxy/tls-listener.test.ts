import { expect } from 'chai';
import { createServer as createTlsServer } from 'node:https';
import { createServer } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { listen } from '../../src/common/server.ts';
import { createAuthority, type Authority } from '../../src/proxy/authority.ts';
import { createProxy, type ProxyUpstream } from '../../src/proxy/proxy.ts';
import { tlsClient, type TlsClient } from '../helpers/tls-client.ts';
import {
  answerRows,
  BODY,
  GET,
  nextPoll,
  nothingLeft,
  resources,
  send,
  withRig,
  type Rig,
} from './rig.ts';

describe('an upstream that is reached by TLS', () => {
  /** A rig with TLS, and clients of it. */
  const withTls = (test: (rig: Rig, connect: () => TlsClient) => Promise<void>) =>
    withRig({ tls: true }, async (rig) => {
      const clients: TlsClient[] = [];
      const connect = () => {
        const client = tlsClient(rig.url, { ca: rig.proxy.upstreams[0]?.ca ?? '' });
        clients.push(client);
        return client;
      };
      try {
        await test(rig, connect);
      } finally {
        for (const client of clients) client.destroy();
      }
    });

  it('has an https address, and who signs for it', async () => {
    await withTls(async ({ proxy, url }) => {
      const [upstream] = proxy.upstreams;
      expect(upstream?.url).to.equal(`https://${upstream?.address}`);
      expect(url).to.equal(upstream?.url);
      expect(upstream?.ca).to.match(/^-----BEGIN CERTIFICATE-----\n/);
    });
  });

  it('has one authority with all others of its proxy, and one without TLS has none', async () => {
    await withTls(async ({ proxy, open }) => {
      const other = await open({ name: 'other', host: 'localhost' });
      expect(other.ca).to.equal(proxy.upstreams[0]?.ca);
      const plain = await createProxy().open({ name: 'plain', target: 'http://127.0.0.1:1' });
      expect(plain.url).to.match(/^http:/);
      expect(plain).not.to.have.property('ca');
      await plain[Symbol.asyncDispose]();
    });
  });

  it('answers as its target does, request after request', async () => {
    await withTls(async ({ reached, completed }, connect) => {
      const client = connect();
      for (const times of [1, 2]) {
        client.socket.write(GET);
        await client.until((text) => text.split(BODY).length === times + 1);
      }
      expect(reached).to.have.length(2);
      const entries = await completed(2);
      expect(entries.map(({ call, status, end }) => [call, status, end])).to.deep.equal([
        ['leaderboard', 200, 'answered'],
        ['leaderboard', 200, 'answered'],
      ]);
    });
  });

  const cuts = {
    rst: { fault: 'reset', end: 'reset' },
    fin: { fault: 'close', end: 'closed' },
  } as const;
  for (const [how, { fault, end }] of Object.entries(cuts)) {
    it(`is cut by a genuine ${how.toUpperCase()} when it is accepted, before any TLS`, async () => {
      await withTls(async ({ control, completed }, connect) => {
        await control.add([{ on: 'stats', inject: { [fault]: 'accept' } }]);
        const client = connect();
        expect(await client.ended).to.equal(how);
        expect(client.wire).to.have.length(0);
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });

    it(`is cut by a genuine ${how.toUpperCase()} when the request was read`, async () => {
      await withTls(async ({ control, completed, reached }, connect) => {
        await control.add([{ on: 'leaderboard', inject: fault }]);
        const client = connect();
        client.socket.write(GET);
        expect(await client.ended).to.equal(how);
        expect(client.text).to.equal('');
        expect(reached).to.deep.equal([]);
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });

    it(`is cut by a genuine ${how.toUpperCase()} in the middle of the head`, async () => {
      await withTls(async ({ control, completed }, connect) => {
        const inject = { [fault]: 'headers', after: '20B' };
        await control.add([{ on: 'leaderboard', inject }]);
        const client = connect();
        client.socket.write(GET);
        expect(await client.ended).to.equal(how);
        expect(client.text).to.equal('HTTP/1.1 200 OK\r\ncon');
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });

    it(`is cut by a genuine ${how.toUpperCase()} in the middle of the body`, async () => {
      await withTls(async ({ control, completed }, connect) => {
        await control.add([{ on: 'leaderboard', inject: { [fault]: 'body', after: '20B' } }]);
        const client = connect();
        client.socket.write(GET);
        expect(await client.ended).to.equal(how);
        expect(client.text.split('\r\n\r\n')[1]).to.equal(BODY.slice(0, 20));
        expect((await completed(1))[0]?.end).to.equal(end);
      });
    });
  }

  it('falls silent in the handshake when it hangs from the start, and speaks when that is lifted', async () => {
    await withTls(async ({ control, entriesWhen }, connect) => {
      const [rule] = await control.add([{ on: 'stats', inject: 'hang' }]);
      const client = connect();
      await entriesWhen(([entry]) => entry?.injected.length === 1);
      expect(client.wire).to.have.length(0);
      await control.remove(rule?.id ?? '');
      expect(await client.secure).to.equal(undefined);
      client.socket.write(GET);
      await client.until((text) => text.endsWith(BODY));
    });
  });

  it('refuses connections, and resets live ones', async () => {
    await withTls(async ({ control }, connect) => {
      const live = connect();
      await live.secure;
      await control.add([{ on: 'stats', inject: 'refuse' }]);
      expect(await live.ended).to.equal('rst');
      expect(await connect().ended).to.equal('refused');
    });
  });

  it('ends what a client began that leaves in the middle of the handshake', async () => {
    await withTls(async ({ connect: connectRaw }) => {
      for (const leave of ['finish', 'reset', 'destroy'] as const) {
        const client = connectRaw();
        client.send(Buffer.from([0x16, 3, 1]));
        client[leave]();
      }
      const plain = connectRaw();
      plain.send(GET);
      expect(await plain.ended).to.be.oneOf(['fin', 'rst']);
    });
  });
});

describe('a target that speaks TLS', () => {
  let authority: Authority;
  before(async () => {
    authority = await createAuthority(Date.now());
  });
  const targetCa = () => authority.pem;

  /** A proxy before a server with a certificate of its own. */
  const withTarget = async (
    more: Partial<ProxyUpstream>,
    kind: Parameters<Authority['certificate']>[0],
    test: (url: string, proxy: ReturnType<typeof createProxy>) => Promise<void>,
  ) => {
    // Mocha starts its own timer when a test has given its promise.
    await nextPoll();
    const before = resources();
    {
      const certified = authority.certificate(kind, '127.0.0.1');
      await using target = await listen(createTlsServer(certified, answerRows));
      await using proxy = createProxy();
      const { url } = await proxy.open({
        name: 'stats',
        target: target.url.replace('http:', 'https:'),
        ...more,
      });
      await test(url, proxy);
    }
    await nothingLeft(before);
  };
  const ask = (url: string) =>
    send(url).then(
      ({ body }) => body.toString(),
      (error: NodeJS.ErrnoException) => error.code,
    );

  it('is verified, and answers', async () => {
    await withTarget({ targetCa: targetCa() }, 'good', async (url) => {
      expect(await ask(url)).to.equal(BODY);
    });
  });

  it('may be reached by TLS too: one on either side', async () => {
    await withTarget({ targetCa: targetCa(), tls: true }, 'good', async (url, proxy) => {
      const client = tlsClient(url, { ca: proxy.upstreams[0]?.ca ?? '' });
      client.socket.write(GET);
      await client.until((text) => text.endsWith(BODY));
      client.destroy();
    });
  });

  for (const kind of ['expired', 'self-signed', 'wrong-host'] as const) {
    it(`that is ${kind} is an upstream that failed`, async () => {
      await withTarget({ targetCa: targetCa() }, kind, async (url, proxy) => {
        expect(await ask(url)).to.equal('ECONNRESET');
        const { entries } = await proxy.control.journal();
        expect(entries.map(({ end }) => end)).to.deep.equal(['upstream-failed']);
      });
    });
  }

  it('that nobody vouches for is an upstream that failed', async () => {
    await withTarget({}, 'good', async (url, proxy) => {
      expect(await ask(url)).to.equal('ECONNRESET');
      const { entries } = await proxy.control.journal();
      expect(entries.map(({ end }) => end)).to.deep.equal(['upstream-failed']);
    });
  });

  it('of tcp is said by tls://, and its bytes pass both ways', async () => {
    await nextPoll();
    const before = resources();
    {
      const server = createSecureServer(authority.certificate('good', '127.0.0.1'), (socket) =>
        socket.pipe(socket),
      );
      await using target = await listen(server);
      await using proxy = createProxy();
      const echo = await proxy.open({
        name: 'echo',
        protocol: 'tcp',
        target: `tls://127.0.0.1:${target.port}`,
        targetCa: targetCa(),
        tls: true,
      });
      expect(echo.url).to.equal(`tls://${echo.address}`);
      const client = tlsClient(echo.url, { ca: echo.ca ?? '', ALPNProtocols: ['x'] });
      client.socket.end('ping');
      await client.until((text) => text === 'ping');
      expect(client.socket.alpnProtocol).to.equal(false);
      expect(await client.ended).to.equal('fin');
      client.destroy();
    }
    await nothingLeft(before);
  });

  it('of tcp without TLS is host:port', async () => {
    await using target = await listen(createServer((socket) => socket.pipe(socket)));
    await using proxy = createProxy();
    const echo = await proxy.open({
      name: 'echo',
      protocol: 'tcp',
      target: `127.0.0.1:${target.port}`,
    });
    expect(echo.url).to.equal(`tcp://${echo.address}`);
  });
});
