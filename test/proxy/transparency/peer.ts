import { connect, createServer, type Socket } from 'node:net';
import { listen, type Listening } from '../../../src/common/server.ts';

/** How a connection stands, as one end of it sees it. */
export type Ending = 'open' | 'fin' | 'rst';

/** One end of a connection, as raw as the system gives it. */
export interface Peer {
  /** How the other side ended it. */
  readonly ending: Ending;
  /** Nothing more comes: the other side has ended, or this one has cut. */
  readonly over: boolean;
  /** How much has come. */
  readonly length: number;
  /** All that came. */
  received(): Buffer;
  /** All that was sent. */
  sent(): Buffer;
  /** Resolves when so much has come, or the other side has ended. */
  has(length: number): Promise<void>;
  /** Resolves when the other side has ended. */
  ended(): Promise<void>;
  send(bytes: Buffer): void;
  finish(): void;
  reset(): void;
  destroy(): void;
  /** Stops reading. */
  pause(): void;
  resume(): void;
}

/** A server of raw connections. */
export interface PeerServer extends Listening {
  /** The connection of that number, when it has come. */
  connection(number: number): Promise<Peer>;
}

export function connectPeer(url: string): Peer {
  const { hostname, port } = new URL(url);
  return peerOf(connect({ host: hostname, port: Number(port), allowHalfOpen: true }));
}

export async function listenForPeers(): Promise<PeerServer> {
  const peers: Peer[] = [];
  const waiting = new Set<() => void>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    peers.push(peerOf(socket));
    for (const look of waiting) look();
  });
  const listening = await listen(server);
  return {
    ...listening,
    connection: (number) =>
      inReason(
        () => `connection ${number} never reached the upstream`,
        (resolve) => {
          const look = () => {
            const peer = peers[number];
            if (!peer) return;
            waiting.delete(look);
            resolve(peer);
          };
          waiting.add(look);
          look();
        },
      ),
  };
}

export function peerOf(socket: Socket): Peer {
  const chunks: Buffer[] = [];
  const written: Buffer[] = [];
  const watchers = new Set<() => void>();
  let length = 0;
  let ending: Ending = 'open';
  const tell = () => [...watchers].forEach((watch) => watch());
  const end = (how: Ending) => {
    // A reset may follow a FIN: the last word counts.
    if (ending === 'open' || how === 'rst') ending = how;
    tell();
  };
  socket.setNoDelay(true);
  socket.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    length += chunk.length;
    tell();
  });
  socket.on('end', () => end('fin'));
  socket.on('error', () => end('rst'));

  const when = (holds: () => boolean, wanted: () => string): Promise<void> =>
    inReason(
      () => `waited in vain for ${wanted()}; got ${length} bytes, ${ending}: ${excerpt()}`,
      (resolve) => {
        const watch = () => {
          if (!holds()) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
      },
    );
  const excerpt = () => JSON.stringify(Buffer.concat(chunks).toString('latin1').slice(-300));

  return {
    get ending() {
      return ending;
    },
    get over() {
      return ending !== 'open' || socket.destroyed;
    },
    get length() {
      return length;
    },
    received: () => Buffer.concat(chunks),
    sent: () => Buffer.concat(written),
    has: (wanted) =>
      when(
        () => length >= wanted || ending !== 'open',
        () => `${wanted} bytes`,
      ),
    ended: () =>
      when(
        () => ending !== 'open',
        () => 'the end',
      ),
    send(bytes) {
      written.push(bytes);
      socket.write(bytes);
    },
    finish: () => void socket.end(),
    reset: () => void socket.resetAndDestroy(),
    destroy: () => void socket.destroy(),
    pause: () => void socket.pause(),
    resume: () => void socket.resume(),
  };
}

/** A promise that tells what it waited for, rather than that mocha gave up. */
async function inReason<T>(
  what: () => string,
  begin: (resolve: (value: T) => void) => void,
): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(what())), PATIENCE_MS);
  });
  try {
    return await Promise.race([new Promise<T>(begin), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** So generous that only what hangs exceeds it. */
const PATIENCE_MS = 10_000;
