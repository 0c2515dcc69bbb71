import { parseArgs } from 'node:util';
import { besiege } from '../proxy/hostile/siege.ts';
import { nothingLeft, resources } from '../proxy/rig.ts';
import { flood, MB, MOST_MB } from '../proxy/transparency/flood.ts';

// 20,000 hostile connections and a gigabyte each way, at each depth. Ends by itself; 1 when anything was not as it must be.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now()) },
    connections: { type: 'string', default: '20000' },
    /** Only the connection of this number of the same seed. */
    only: { type: 'string' },
  },
});
const MOST_GROWN_MB = 50;
const violations: string[] = [];
for (const event of ['unhandledRejection', 'uncaughtException', 'warning'] as const) {
  process.on(event, (problem: unknown) => {
    violations.push(`${event}: ${problem instanceof Error ? problem.stack : String(problem)}`);
  });
}

await siege(
  Number(values.connections),
  values.only === undefined ? undefined : Number(values.only),
);
if (values.only === undefined) await floods();
for (const violation of violations) console.log(`- ${violation}`);
console.log(violations.length === 0 ? 'nothing was violated' : `${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;

async function siege(connections: number, only: number | undefined): Promise<void> {
  const begun = performance.now();
  console.log(`${connections} hostile connections, --seed ${values.seed}`);
  const before = resources();
  const result = await besiege({
    seed: values.seed,
    connections,
    ...(only === undefined ? {} : { only }),
    onProgress(done, found) {
      if (done % 1000 === 0) console.log(`${done} connections, ${found} violations`);
    },
  });
  violations.push(...result.violations);
  await nothingLeft(before).catch((error: Error) => violations.push(`left: ${error.message}`));
  const grown = Math.round(result.grown / MB);
  if (grown > MOST_GROWN_MB) violations.push(`the memory in use grew by ${grown} MB`);
  const seconds = Math.round((performance.now() - begun) / 1000);
  console.log(
    `${result.connections} connections and ${result.entries} entries in ${seconds} s; memory grew by ${grown} MB`,
  );
}

async function floods(): Promise<void> {
  for (const protocol of ['http', 'tcp'] as const) {
    for (const direction of ['down', 'up'] as const) {
      for (const framing of ['content-length', 'chunked'] as const) {
        const what = { bytes: 1024 * MB, direction, framing, protocol };
        const { arrived, expected, grown, seconds } = await flood(what);
        const name = `1 GB ${direction} by ${framing} at the depth of ${protocol}`;
        const megabytes = Math.round(grown / MB);
        console.log(`${name}: ${seconds.toFixed(1)} s, memory grew by ${megabytes} MB`);
        if (arrived !== expected) violations.push(`${name}: ${arrived} of ${expected} bytes came`);
        if (megabytes > MOST_MB) violations.push(`${name}: memory grew by ${megabytes} MB`);
      }
    }
  }
}
