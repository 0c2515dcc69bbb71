import { createRandom } from '../../../src/common/random.ts';
import { createProxy, type Proxy } from '../../../src/proxy/proxy.ts';
import { assault, healthy, type Lane } from './assault.ts';
import { collectedMemory, settledMemory } from './memory.ts';
import { listenForScripts } from './scripted-upstream.ts';

/** What came of many hostile connections. */
export interface Siege {
  readonly connections: number;
  readonly entries: number;
  /** One sentence each, with what makes it happen again. */
  readonly violations: readonly string[];
  /** By how many bytes the memory in use grew from the first tenth to the end. */
  readonly grown: number;
}

export interface SiegeOptions {
  readonly seed: string;
  readonly connections: number;
  /** Only the connection of this number, to look at it alone. */
  readonly only?: number;
  readonly onProgress?: (done: number, violations: number) => void;
}

/** Attacks one proxy from many sides at once. The same seed makes the same attacks. */
export async function besiege(options: SiegeOptions): Promise<Siege> {
  const { seed, connections, only, onProgress = () => {} } = options;
  const violations: string[] = [];
  let [next, done, entries] = [0, 0, 0];
  let early = collectedMemory();
  await using proxy = createProxy({ seed });

  const attackAll = async (number: number) => {
    await using lane = await openLane(proxy, number);
    for (let i = next++; i < connections && violations.length < ENOUGH; i = next++) {
      if (only !== undefined && i !== only) continue;
      const draw = (what: string) => createRandom(`${seed}:${i}:${what}`);
      const result = await assault(proxy, lane, draw);
      entries += result.entries;
      const again = `again by: npm run soak:proxy -- --seed ${seed} --only ${i}`;
      violations.push(
        ...result.violations.map((what) => `#${i} ${result.name}: ${what}; ${again}`),
      );
      done++;
      if (done === Math.ceil(connections / 10)) early = collectedMemory();
      onProgress(done, violations.length);
    }
    violations.push(...(await healthy(proxy, lane)));
  };
  await Promise.all(Array.from({ length: LANES }, (_, number) => attackAll(number)));
  return { connections: done, entries, violations, grown: (await settledMemory()) - early };
}

/** A listener with an upstream of its own: what happens there is known to come from one attack. */
async function openLane(proxy: Proxy, number: number): Promise<Lane & AsyncDisposable> {
  const upstream = await listenForScripts();
  const run = `lane-${number}`;
  const opened = await proxy.open({ name: 'stats', target: upstream.url, run, calls: CALLS });
  return {
    run,
    url: opened.url,
    upstream,
    async [Symbol.asyncDispose]() {
      await opened[Symbol.asyncDispose]();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

const CALLS = { leaderboard: 'GET /leaderboards/:product' };
const LANES = 16;
/** A defect that shows in every connection need not be shown twenty thousand times. */
const ENOUGH = 50;
