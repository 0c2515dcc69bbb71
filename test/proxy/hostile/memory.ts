import { setTimeout as delay } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** The bytes of the heap and of buffers that are really in use: garbage is collected first. */
export function collectedMemory(): number {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** The same when what is still being let go of is gone: a socket's last buffers outlive its end by a few turns. */
export async function settledMemory(): Promise<number> {
  for (let last = collectedMemory(); ;) {
    await delay(100);
    const now = collectedMemory();
    if (last - now < 1024 ** 2) return now;
    last = now;
  }
}
