import { connect as connectTcp, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import type { RawEnd } from './raw-client.ts';

/** A TLS client that sees the TCP connection beneath it. */
export interface TlsClient {
  readonly socket: TLSSocket;
  /** Resolves when TLS stands; gives the code of the error when it does not. */
  readonly secure: Promise<string | undefined>;
  /** What came through TLS, one character a byte. */
  readonly text: string;
  /** What came beneath it. */
  readonly wire: Buffer;
  /** How the TCP connection ended, whatever TLS made of it. */
  readonly ended: Promise<RawEnd>;
  /** Resolves when `found` holds of what came; rejects when it has ended before. */
  until(found: (text: string) => boolean): Promise<void>;
  destroy(): void;
}

export function tlsClient(url: string, options: ConnectionOptions = {}): TlsClient {
  const { hostname, port } = new URL(url);
  const tcp = connectTcp({
    host: hostname.replace(/^\[|\]$/g, ''),
    port: Number(port),
    allowHalfOpen: true,
  });
  tcp.setNoDelay(true);
  const wire: Buffer[] = [];
  tcp.on('data', (chunk) => wire.push(chunk));
  const ended = new Promise<RawEnd>((resolve) => {
    tcp.on('end', () => resolve('fin'));
    tcp.on('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'ECONNREFUSED' ? 'refused' : 'rst'),
    );
    tcp.on('close', () => resolve('fin'));
  });
  const socket = connect({ ...options, socket: streamOf(tcp), host: hostname });
  let text = '';
  let failure: NodeJS.ErrnoException | undefined;
  const watchers = new Set<() => void>();
  const tell = () => [...watchers].forEach((watch) => watch());
  socket.on('data', (chunk) => {
    text += chunk.toString('latin1');
    tell();
  });
  socket.on('error', (error) => (failure = error));
  socket.on('close', tell);
  return {
    socket,
    secure: new Promise((resolve) => {
      socket.once('secureConnect', () => resolve(undefined));
      socket.once('close', () => resolve(failure?.code ?? 'closed'));
    }),
    ended,
    get text() {
      return text;
    },
    get wire() {
      return Buffer.concat(wire);
    },
    until: (found) =>
      new Promise((resolve, reject) => {
        const watch = () => {
          if (found(text)) resolve();
          else if (socket.destroyed) reject(new Error(`it ended after ${JSON.stringify(text)}`));
          else return;
          watchers.delete(watch);
        };
        watchers.add(watch);
        watch();
      }),
    destroy() {
      socket.destroy();
      tcp.destroy();
    },
  };
}

/** TLS on a socket of its own takes the socket's events; on a stream it leaves them to us. */
function streamOf(tcp: Socket): Duplex {
  const stream = new Duplex({
    read: () => void tcp.resume(),
    write: (chunk: Buffer, _encoding, done) => void tcp.write(chunk, () => done()),
    final: (done) => void tcp.end(() => done()),
    destroy(error, done) {
      tcp.destroy();
      done(error);
    },
  });
  tcp.on('data', (chunk) => stream.push(chunk) || tcp.pause());
  tcp.on('end', () => stream.push(null));
  tcp.on('error', (error) => stream.destroy(error));
  return stream;
}
