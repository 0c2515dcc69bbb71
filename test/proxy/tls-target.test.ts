import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { createServer as createTlsServer, request } from 'node:https';
import { createServer } from 'node:net';
import { createServer as createSecureServer } from 'node:tls';
import { listen } from '../../src/common/server.ts';
import { createAuthority, type Authority } from '../../src/proxy/authority.ts';
import { createProxy, type ProxyUpstream } from '../../src/proxy/proxy.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { tlsClient } from '../helpers/tls-client.ts';
import { answerRows, BODY, GET, nextPoll, nothingLeft, resources, send } from './rig.ts';

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

  const failures = {
    expired: 'CERT_HAS_EXPIRED',
    'self-signed': 'DEPTH_ZERO_SELF_SIGNED_CERT',
    'wrong-host': 'ERR_TLS_CERT_ALTNAME_INVALID',
  } as const;
  for (const [kind, failure] of Object.entries(failures)) {
    it(`that is ${kind} is an upstream that failed`, async () => {
      const wrong = kind as keyof typeof failures;
      await withTarget({ targetCa: targetCa() }, wrong, async (url, proxy) => {
        expect(await ask(url)).to.equal('ECONNRESET');
        const { entries } = await proxy.control.journal();
        expect(entries).to.have.length(1);
        expect(entries[0]).to.include({ end: 'upstream-failed', failure });
      });
    });
  }

  it('that nobody vouches for is an upstream that failed', async () => {
    await withTarget({}, 'good', async (url, proxy) => {
      expect(await ask(url)).to.equal('ECONNRESET');
      const { entries } = await proxy.control.journal();
      expect(entries[0]).to.include({ failure: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
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

  it('of tcp that cannot be reached or trusted says why', async () => {
    const target = await listen(
      createSecureServer(authority.certificate('good', '127.0.0.1'), (socket) => socket.resume()),
    );
    await using proxy = createProxy();
    const failure = async () => {
      const client = rawClient(url);
      expect(await client.ended).to.equal('rst');
      const { entries } = await proxy.control.journal();
      expect(entries.at(-1)?.end).to.equal('upstream-failed');
      return entries.at(-1)?.failure;
    };
    const { url } = await proxy.open({
      name: 'db',
      protocol: 'tcp',
      target: `tls://127.0.0.1:${target.port}`,
    });
    expect(await failure()).to.equal('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
    await target[Symbol.asyncDispose]();
    expect(await failure()).to.equal('ECONNREFUSED');
  });

  it('gets and gives large bodies as they are, one TLS on either side', async () => {
    await nextPoll();
    const before = resources();
    const large = randomBytes(5_000_000);
    {
      const server = createTlsServer(authority.certificate('good', '127.0.0.1'), (asked, answer) =>
        asked.pipe(answer),
      );
      await using target = await listen(server);
      await using proxy = createProxy();
      const { url, ca = '' } = await proxy.open({
        name: 'echo',
        target: `https://127.0.0.1:${target.port}`,
        targetCa: targetCa(),
        tls: true,
      });
      const sent = request(url, { ca, method: 'POST', agent: false });
      sent.end(large);
      const [response] = (await once(sent, 'response')) as [IncomingMessage];
      expect(large.equals(Buffer.concat((await response.toArray()) as Buffer[]))).to.equal(true);
      const [entry] = (await proxy.control.journal()).entries;
      expect(entry?.bytesIn).to.be.within(large.length, large.length * 1.01);
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
