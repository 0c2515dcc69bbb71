import type { Socket } from 'node:net';
import { createSecureContext, TLSSocket, type SecureContext } from 'node:tls';
import type { Authority, CertificateKind } from './authority.ts';
import type { FaultHandshake } from './fault.ts';

/** The server's side of TLS for one listener. */
export interface TlsFront {
  /** The certificate of the authority, in PEM: what the service under test has to trust. */
  readonly ca: string;
  /**
   * Agrees on TLS with the client of a socket that nothing was read of. Gives undefined when there will be no TLS: a fault
   * ended the handshake, the client left, or it did not agree. The raw socket stays what cuts: reset or ended beneath its
   * TLS, it gives a genuine RST or FIN.
   */
  accept(raw: Socket, handshake: HandshakeRules): Promise<TLSSocket | undefined>;
}

/** How the rules have their way with a handshake. */
export interface HandshakeRules {
  /** Lets the faults act, before anything is read. */
  act(handshake: FaultHandshake): Promise<void>;
  /** Ends the connection by a FIN, after what was written. */
  close(): Promise<void>;
}

/** @param protocols what is offered by ALPN; without it ALPN is not spoken */
export function createTlsFront(
  authority: Authority,
  host: string,
  protocols?: readonly string[],
): TlsFront {
  const contexts = new Map<CertificateKind, SecureContext>();
  return {
    ca: authority.pem,
    async accept(raw, handshake) {
      let kind: CertificateKind = 'good';
      let failed = false;
      await handshake.act({
        async fail() {
          failed = true;
          // A client that leaves before it has said a word has left by itself.
          if (!(await saysHello(raw))) return;
          raw.write(HANDSHAKE_FAILURE);
          await handshake.close();
        },
        certificate(wrong) {
          kind = wrong;
        },
      });
      if (failed || raw.destroyed) return undefined;
      return secured(raw, contextFor(kind), protocols);
    },
  };

  /** Each has keys of its own for session tickets: a session with a good certificate is not resumed on a bad one. */
  function contextFor(kind: CertificateKind): SecureContext {
    const context = contexts.get(kind) ?? createSecureContext(authority.certificate(kind, host));
    contexts.set(kind, context);
    return context;
  }
}

function secured(
  raw: Socket,
  secureContext: SecureContext,
  protocols: readonly string[] | undefined,
): Promise<TLSSocket | undefined> {
  const offered = protocols === undefined ? {} : { ALPNProtocols: [...protocols] };
  const socket = new TLSSocket(raw, { isServer: true, secureContext, ...offered });
  // A client that is gone, or breaks off, is not an error of ours: 'close' follows.
  socket.on('error', () => {});
  // Where no tls.Server stands behind it, this is all that tells of broken records after the handshake.
  socket.on('_tlsError', () => socket.destroy());
  return new Promise((resolve) => {
    socket.once('secure', () => resolve(socket));
    socket.once('close', () => resolve(undefined));
    // Half a connection is no use before TLS stands, and the socket would wait for our half to end.
    const onEnd = () => socket.destroy();
    socket.once('end', onEnd).once('secure', () => socket.off('end', onEnd));
  });
}

/** A server refuses once the client has said what it can: waits for the whole of its first record. False when the client leaves before. */
function saysHello(raw: Socket): Promise<boolean> {
  return new Promise((resolve) => {
    let bytes = Buffer.alloc(0);
    const finish = (whole: boolean) => {
      raw.off('data', onData).off('end', onGone).off('close', onGone);
      resolve(whole);
    };
    const onGone = () => finish(false);
    const onData = (chunk: Buffer) => {
      bytes = Buffer.concat([bytes, chunk]);
      if (isWhole(bytes)) finish(true);
    };
    if (raw.destroyed) return resolve(false);
    raw.on('data', onData).on('end', onGone).on('close', onGone);
    raw.resume();
  });
}

/** A record has its length in its bytes 3 and 4. What is no handshake at all is not waited for. */
function isWhole(bytes: Buffer): boolean {
  if (bytes.length > 0 && bytes.readUInt8() !== HANDSHAKE_RECORD) return true;
  return bytes.length >= RECORD_HEADER && bytes.length >= RECORD_HEADER + bytes.readUInt16BE(3);
}

const HANDSHAKE_RECORD = 0x16;
const RECORD_HEADER = 5;
/** Alert, TLS 1.2, two bytes: fatal, handshake_failure. */
const HANDSHAKE_FAILURE = Buffer.from([0x15, 3, 3, 0, 2, 2, 0x28]);
