import { createServer, type Server, type Socket } from 'node:net';
import { rawPeer, type RawClient } from '../helpers/raw-client.ts';

/** An upstream of plain TCP, whose ends of the connections a test may hold. */
export interface Peers {
  readonly server: Server;
  /** The end of the nth connection that was made to it, counted from 0, as soon as it is there. */
  readonly nth: (nth: number) => Promise<RawClient>;
  /** How many connections were made to it. */
  readonly count: () => number;
}

/** What it does with a connection. */
export type Serve = (peer: RawClient, socket: Socket) => void;

/** Gives back what comes, and ends when its client does. */
export const echo: Serve = (_peer, socket) => void socket.pipe(socket);

/** Says nothing by itself: the test speaks through its peers. */
export const silent: Serve = () => {};

export function createPeers(serve: Serve): Peers {
  const peers: RawClient[] = [];
  const waiting = new Set<() => void>();
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const peer = rawPeer(socket);
    peers.push(peer);
    serve(peer, socket);
    for (const check of waiting) check();
  });
  return {
    server,
    nth: (nth) =>
      new Promise((resolve) => {
        const check = () => {
          const found = peers[nth];
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      }),
    count: () => peers.length,
  };
}
