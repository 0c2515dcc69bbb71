import { listen } from '../../src/common/server.ts';
import type { RawClient } from '../helpers/raw-client.ts';
import { createPeers, echo, silent, type Serve } from './peers.ts';
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

export { echo, silent, type Serve };

export function withTcp(serve: Serve, test: (rig: TcpRig) => Promise<void>): Promise<void> {
  return withRig({}, async (rig) => {
    const peers = createPeers(serve);
    const target = await listen(peers.server);
    const { url } = await rig.open({
      name: 'db',
      target: `tcp://127.0.0.1:${target.port}`,
      protocol: 'tcp',
      calls: {},
    });
    try {
      await test({ ...rig, dial: () => rig.connect(url), peer: peers.nth, dialled: peers.count });
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
