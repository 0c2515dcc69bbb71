// The scenarios prove something only if a service that does not degrade fails them: every cell that expects a broken call
// must be failed by the unprotected twin, and none may be broken or inconclusive.
import { runScenarios } from '../dist/src/index.js';
import { loadSuite } from '../dist/src/scenario/load.js';

const system = 'scenarios/portal/unprotected.yaml';
const { cells } = loadSuite(['scenarios/portal'], system);
const mayPass = new Set(
  cells
    .filter(({ steps }) => steps.every((step) => step.expect?.degraded === 'none'))
    .map(({ id }) => id),
);
const result = await runScenarios(['scenarios/portal'], { system });
const wrong = result.cells.filter(
  ({ id, verdict }) => verdict !== 'failed' && !(verdict === 'passed' && mayPass.has(id)),
);
for (const { id, verdict, reason } of wrong) console.error(`${verdict} ${id} ${reason ?? ''}`);
const reasons = new Map();
for (const { failures } of result.cells) {
  if (failures.length === 0) continue;
  const { pointer, expected, got } = failures[0];
  const reason = `${pointer}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got).slice(0, 40)}`;
  reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
}
for (const [reason, count] of reasons) console.log(`${String(count).padStart(4)}  ${reason}`);
console.log(`${result.counts.failed} failed, ${result.counts.passed} passed, exit ${result.exit}`);
process.exitCode = wrong.length === 0 && result.exit === 1 ? 0 : 1;
