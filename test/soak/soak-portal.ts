import { parseArgs } from 'node:util';
import { soak } from '../portal/soak/soak.ts';

// 200,000 requests through alternating outages of the stats service. Ends by itself; 1 when anything was not as it must be.
const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now()) },
    requests: { type: 'string', default: '200000' },
    'per-phase': { type: 'string', default: '1000' },
  },
});
const MOST_GROWN_MB = 5;
const warnings: string[] = [];
for (const event of ['unhandledRejection', 'uncaughtException', 'warning'] as const) {
  process.on(event, (problem: unknown) => {
    warnings.push(`${event}: ${problem instanceof Error ? problem.stack : String(problem)}`);
  });
}

const requests = Number(values.requests);
const begun = performance.now();
const seconds = () => Math.round((performance.now() - begun) / 1000);
console.log(`${requests} requests, --seed ${values.seed}`);
const result = await soak({
  seed: values.seed,
  requests,
  perPhase: Number(values['per-phase']),
  onProgress(done, outage, megabytes) {
    if (done % 5000 > 0 && done < requests) return;
    console.log(
      `${done} requests, ${seconds()} s, ${megabytes.toFixed(1)} MB in use; last: ${outage}`,
    );
  },
});
for (const [name, count] of result.sent) console.log(`${String(count).padStart(8)} ${name}`);
const grown = result.grown / 1024 ** 2;
const violations = [...result.violations, ...warnings];
if (grown > MOST_GROWN_MB) violations.push(`the memory in use grew by ${grown.toFixed(1)} MB`);
for (const violation of violations) console.log(`- ${violation}`);
console.log(
  `${result.requests} requests in ${result.phases} phases and ${seconds()} s; memory grew by ${grown.toFixed(2)} MB`,
);
console.log(violations.length === 0 ? 'nothing was violated' : `${violations.length} violations`);
process.exitCode = violations.length === 0 ? 0 : 1;
