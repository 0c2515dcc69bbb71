import { expect } from 'chai';
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import { listen } from '../../src/common/server.ts';
import { createAuthority, type Authority } from '../../src/proxy/authority.ts';
import type { FaultHandshake } from '../../src/proxy/fault.ts';
import { createTlsFront, type TlsFront } from '../../src/proxy/tls-accept.ts';
import { rawClient } from '../helpers/raw-client.ts';
import { tlsClient, type TlsClient } from '../helpers/tls-client.ts';

/** A front as the proxy makes it, and what became of each connection. */
interface Fronted {
  readonly url: string;
  readonly front: TlsFront;
  readonly connect: (options?: Parameters<typeof tlsClient>[1]) => TlsClient;
  readonly accepted: () => Promise<{ raw: Socket; secure: TLSSocket | undefined }>;
}

describe('the server’s side of TLS', () => {
  let authority: Authority;
  before(async () => {
    authority = await createAuthority(Date.now());
  });

  const withFront = async (
    act: (handshake: FaultHandshake) => Promise<void>,
    test: (fronted: Fronted) => Promise<void>,
  ) => {
    const front = createTlsFront(authority, '127.0.0.1', ['http/1.1']);
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true });
    const accepting: Promise<{ raw: Socket; secure: TLSSocket | undefined }>[] = [];
    server.on('connection', (raw: Socket) => {
      raw.on('error', () => {});
      const close = async () => void raw.end().resume();
      accepting.push(front.accept(raw, { act, close }).then((secure) => ({ raw, secure })));
      server.emit('accepting');
    });
    await using listening = await listen(server);
    const clients: TlsClient[] = [];
    let taken = 0;
    await test({
      url: listening.url,
      front,
      connect(options = { ca: front.ca }) {
        const client = tlsClient(listening.url, options);
        clients.push(client);
        return client;
      },
      async accepted() {
        while (accepting.length <= taken) await once(server, 'accepting');
        return accepting[taken++] as Promise<{ raw: Socket; secure: TLSSocket | undefined }>;
      },
    });
    for (const client of clients) client.destroy();
  };
  const nothing = async () => {};

  it('is trusted by who trusts the authority, under every name of this machine', async () => {
    await withFront(nothing, async ({ connect, accepted }) => {
      for (const servername of ['', 'localhost']) {
        const client = connect({ ca: authority.pem, servername });
        expect(await client.secure).to.equal(undefined);
        expect((await accepted()).secure).not.to.equal(undefined);
      }
    });
  });

  it('is trusted by nobody else', async () => {
    await withFront(nothing, async ({ connect }) => {
      const stranger = await createAuthority(Date.now());
      expect(await connect({}).secure).to.equal('UNABLE_TO_VERIFY_LEAF_SIGNATURE');
      expect(await connect({ ca: stranger.pem }).secure).to.match(/^(UNABLE_TO|CERT_SIG)/);
    });
  });

  it('speaks HTTP/1.1 to who offers more', async () => {
    await withFront(nothing, async ({ connect }) => {
      const client = connect({ ca: authority.pem, ALPNProtocols: ['h2', 'http/1.1'] });
      await client.secure;
      expect(client.socket.alpnProtocol).to.equal('http/1.1');
    });
  });

  it('passes bytes both ways, and half a closing', async () => {
    await withFront(nothing, async ({ connect, accepted }) => {
      const client = connect();
      client.socket.end('ping');
      const { secure } = await accepted();
      secure?.on('data', (bytes) => secure.write(`${bytes}!`));
      secure?.on('end', () => secure.end('bye'));
      await client.until((text) => text === 'ping!bye');
      expect(await client.ended).to.equal('fin');
    });
  });

  const codes = {
    expired: 'CERT_HAS_EXPIRED',
    'self-signed': 'DEPTH_ZERO_SELF_SIGNED_CERT',
    'wrong-host': 'ERR_TLS_CERT_ALTNAME_INVALID',
  } as const;
  for (const [kind, code] of Object.entries(codes)) {
    it(`shows a certificate that is ${kind}`, async () => {
      const act = async (handshake: FaultHandshake) =>
        handshake.certificate(kind as keyof typeof codes);
      await withFront(act, async ({ connect }) => {
        expect(await connect().secure).to.equal(code);
      });
    });
  }

  it('shows it to a client that has a session with the good one, too', async () => {
    let wrong = false;
    const act = async (handshake: FaultHandshake) => wrong && handshake.certificate('expired');
    await withFront(act as () => Promise<void>, async ({ connect, accepted }) => {
      const first = connect();
      // With TLS 1.3 the session comes after the handshake, with the first bytes.
      const came = once(first.socket, 'session') as Promise<[Buffer]>;
      (await accepted()).secure?.write('x');
      const [session] = await came;
      const resumed = connect({ ca: authority.pem, session });
      expect(await resumed.secure).to.equal(undefined);
      expect(resumed.socket.isSessionReused()).to.equal(true);
      wrong = true;
      expect(await connect({ ca: authority.pem, session }).secure).to.equal('CERT_HAS_EXPIRED');
    });
  });

  for (const version of ['TLSv1.2', 'TLSv1.3'] as const) {
    it(`breaks a handshake of ${version} with an alert, and a FIN`, async () => {
      await withFront(
        (handshake) => handshake.fail(),
        async ({ connect, accepted }) => {
          const client = connect({ ca: authority.pem, maxVersion: version });
          expect(await client.secure).to.match(/^(EPROTO|ERR_SSL_.*HANDSHAKE_FAILURE)$/);
          expect([...client.wire]).to.deep.equal([0x15, 3, 3, 0, 2, 2, 0x28]);
          expect(await client.ended).to.equal('fin');
          expect((await accepted()).secure).to.equal(undefined);
        },
      );
    });
  }

  it('breaks it once the whole of the ClientHello has come, in however many pieces', async () => {
    await withFront(
      (handshake) => handshake.fail(),
      async ({ url, connect }) => {
        const client = rawClient(url);
        // Meanwhile another client is refused: whatever was to come of what was sent before has come.
        const refuseAnother = () => connect().ended;
        client.send(Buffer.from([0x16, 3, 1, 0]));
        await refuseAnother();
        expect(client.text).to.equal('');
        client.send(Buffer.from([3, 1, 2]));
        await refuseAnother();
        expect(client.text).to.equal('');
        client.send(Buffer.from([3]));
        expect(await client.ended).to.equal('fin');
        expect(client.text).to.equal('\x15\x03\x03\x00\x02\x02\x28');
        client.finish();
      },
    );
  });

  it('resets beneath TLS with a genuine RST, after what was written', async () => {
    await withFront(nothing, async ({ connect, accepted }) => {
      const client = connect();
      const { raw, secure } = await accepted();
      secure?.write('half of ');
      await client.until((text) => text === 'half of ');
      raw.resetAndDestroy();
      expect(await client.ended).to.equal('rst');
      await closed(secure);
    });
  });

  it('ends beneath TLS with a genuine FIN, after what was written', async () => {
    await withFront(nothing, async ({ connect, accepted }) => {
      const client = connect();
      const { raw, secure } = await accepted();
      secure?.write('half of it', () => raw.end());
      expect(await client.ended).to.equal('fin');
      await client.until((text) => text === 'half of it');
      secure?.destroy();
    });
  });

  it('gives up when the client leaves before TLS stands, by FIN, RST or nonsense', async () => {
    await withFront(nothing, async ({ url, accepted }) => {
      const { port } = new URL(url);
      const leaving: ((socket: Socket) => void)[] = [
        (socket) => socket.end(),
        (socket) => socket.resetAndDestroy(),
        (socket) => socket.end('GET / HTTP/1.1\r\n\r\n'),
        (socket) => socket.write('GET / HTTP/1.1\r\n\r\n'),
      ];
      for (const leave of leaving) {
        const socket = connect(Number(port), '127.0.0.1');
        socket.on('error', () => {});
        await once(socket, 'connect');
        leave(socket);
        const { raw, secure } = await accepted();
        expect(secure).to.equal(undefined);
        await closed(raw);
      }
    });
  });

  it('gives up a connection that breaks its records later', async () => {
    await withFront(nothing, async ({ url, accepted, front }) => {
      const tcp = connect(Number(new URL(url).port), '127.0.0.1');
      tcp.on('error', () => {});
      const client = connectTls({ socket: tcp, ca: front.ca });
      client.on('error', () => {});
      await once(client, 'secureConnect');
      const { secure } = await accepted();
      secure?.resume();
      tcp.write(Buffer.from([0x17, 3, 3, 0, 2, 1, 1]));
      await closed(secure);
      client.destroy();
    });
  });
});

function closed(socket: Socket | undefined): Promise<unknown> {
  return !socket || socket.closed ? Promise.resolve() : once(socket, 'close');
}
