import { createServer, type Socket } from 'node:net';
import { listen } from '../../src/common/server.ts';
import { rawPeer, type RawClient } from '../helpers/raw-client.ts';
import { withRig, type Rig } from './rig.ts';

/** A proxy before an upstream `db` that is reached by plain TCP. */
export interface TcpRig extends Rig {
  /** A raw connection to the proxy of `db`. */
  readonly dial: () => RawClient;
  /** The upstream's end of the nth connection that was made to it, counted from 0, as soon as it is there. */
  readonly peer: (nth: number) => Promise<RawClient>;
  /** How many connections were made to the upstream. */
  readonly dialled: () => number;
}

/** What the upstream does with a connection. */
export type Serve = (peer: RawClient, socket: Socket) => void;

/** Gives back what comes, and ends when its client does. */
export const echo: Serve = (_peer, socket) => void socket.pipe(socket);

/** Says nothing by itself: the test speaks through `peer`. */
export const silent: Serve = () => {};

export function withTcp(serve: Serve, test: (rig: TcpRig) => Promise<void>): Promise<void> {
  return withRig({}, async (rig) => {
    const peers: RawClient[] = [];
    const waiting = new Set<() => void>();
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      const peer = rawPeer(socket);
      peers.push(peer);
      serve(peer, socket);
      for (const check of waiting) check();
    });
    const target = await listen(server);
    const { url } = await rig.open({
      name: 'db',
      target: `tcp://127.0.0.1:${target.port}`,
      protocol: 'tcp',
      calls: {},
    });
    const peer = (nth: number) =>
      new Promise<RawClient>((resolve) => {
        const check = () => {
          const found = peers[nth];
          if (!found) return;
          waiting.delete(check);
          resolve(found);
        };
        waiting.add(check);
        check();
      });
    try {
      await test({ ...rig, dial: () => rig.connect(url), peer, dialled: () => peers.length });
    } finally {
      await target[Symbol.asyncDispose]();
    }
  });
}

/** Every look at what has come so far: when it was, in milliseconds from `began`, and how many bytes there were. */
export async function watched(
  client: RawClient,
  began: number,
  found: (text: string) => boolean,
): Promise<{ readonly ms: number; readonly length: number }[]> {
  const looks: { ms: number; length: number }[] = [];
  await client.until((text) => {
    looks.push({ ms: performance.now() - began, length: text.length });
    return found(text);
  });
  return looks;
}
