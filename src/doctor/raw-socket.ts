import { connect as connectTcp } from 'node:net';
import { connect as connectTls } from 'node:tls';

/** Where to connect, and with TLS whom to trust: an authority, or those whom every program here does. */
export interface RawAddress {
  readonly host: string;
  readonly port: number;
  readonly tls?: { readonly ca?: string };
}

/** One thing that told of a connection's end: `FIN`, `RST`, or the code of another error (`ECONNREFUSED`). */
export interface End {
  readonly how: string;
  /** Milliseconds after the connecting began. */
  readonly atMs: number;
}

/** A client's socket that hides nothing: HTTP clients report a FIN and an RST alike. Disposing it cuts it. */
export interface RawSocket extends Disposable {
  /** Somebody has accepted it. */
  readonly open: boolean;
  /** How many bytes have come. */
  readonly bytes: number;
  /** The first of them is how it ended for who reads; an RST may follow a FIN. */
  readonly ends: readonly End[];
  /** Milliseconds since the connecting began. */
  readonly ageMs: number;
  send(bytes: string | Buffer): void;
  /** Ends our side; the other may go on. */
  finish(): void;
  /** Whether it holds within `ms`, looked at whenever something happens. Rejects when the signal aborts. */
  until(holds: (socket: RawSocket) => boolean, ms: number): Promise<boolean>;
}

export function openRaw({ host, port, tls }: RawAddress, signal: AbortSignal): RawSocket {
  signal.throwIfAborted();
  const address = { host, port, allowHalfOpen: true };
  const since = performance.now();
  const socket = tls
    ? connectTls({ ...address, ...tls })
    : connectTcp({ ...address, noDelay: true });
  const ends: End[] = [];
  const watchers = new Set<() => void>();
  let bytes = 0;
  let open = false;
  const tell = () => [...watchers].forEach((watch) => watch());
  const end = (how: string) => {
    ends.push({ how, atMs: performance.now() - since });
    tell();
  };
  socket.on('connect', () => {
    open = true;
    tell();
  });
  socket.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    tell();
  });
  socket.on('end', () => end('FIN'));
  socket.on('error', ({ code = 'an error' }: NodeJS.ErrnoException) => {
    // Who writes on after a FIN learns of the RST by EPIPE.
    end(code === 'ECONNRESET' || code === 'EPIPE' ? 'RST' : code);
  });

  const raw: RawSocket = {
    get open() {
      return open;
    },
    get bytes() {
      return bytes;
    },
    ends,
    get ageMs() {
      return performance.now() - since;
    },
    send: (text) => void socket.write(text),
    finish: () => void socket.end(),
    async until(holds, ms) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = deferred<boolean>();
      const watch = () => holds(raw) && resolve(true);
      const abort = () => reject(signal.reason as Error);
      const timer = setTimeout(() => resolve(holds(raw)), ms);
      watchers.add(watch);
      signal.addEventListener('abort', abort, { once: true });
      watch();
      try {
        return await promise;
      } finally {
        clearTimeout(timer);
        watchers.delete(watch);
        signal.removeEventListener('abort', abort);
      }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
  return raw;
}

function deferred<T>() {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]));
  return { promise, resolve, reject };
}
