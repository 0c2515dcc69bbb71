// The scenarios prove something only if a service that does not degrade fails them: every cell that expects a broken call
// must be failed by the unprotected twin, and none may be broken or inconclusive.
import { runScenarios } from '../dist/src/index.js';
import { loadSuite } from '../dist/src/scenario/load/load.js';

// Each stands under the scenarios of its own system; together they stand under all.
const TWINS = ['scenarios/portal/unprotected.yaml', 'scenarios/portal/unprotected-tls.yaml'];
// Where nothing need be broken there is nothing to survive: most of these the twin passes.
const HARMLESS = ['none', 'either'];

const reasons = new Map();
const counts = { failed: 0, passed: 0 };
let wrong = 0;
for (const system of TWINS) {
  const { cells } = loadSuite(['scenarios/portal'], { system });
  const mayPass = new Set(
    cells
      .filter(({ steps }) => steps.every(({ sends }) => HARMLESS.includes(sends?.expect.degraded)))
      .map(({ id }) => id),
  );
  const result = await runScenarios(['scenarios/portal'], { system });
  for (const { id, verdict, reason, failures } of result.cells) {
    if (verdict === 'passed' && mayPass.has(id)) {
      counts.passed++;
    } else if (verdict === 'failed') {
      counts.failed++;
      const [{ pointer, expected, got }] = failures;
      const told = `${pointer}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got).slice(0, 40)}`;
      reasons.set(told, (reasons.get(told) ?? 0) + 1);
    } else {
      wrong++;
      console.error(`${verdict} ${id} ${reason ?? ''}`);
    }
  }
  if (result.exit !== 1) wrong++;
}
const all = loadSuite(['scenarios/portal']).cells.length;
const judged = counts.failed + counts.passed + wrong;
if (judged < all) console.error(`only ${judged} of ${all} cells stand under a twin`);
for (const [reason, count] of reasons) console.log(`${String(count).padStart(4)}  ${reason}`);
console.log(`${counts.failed} failed, ${counts.passed} passed, ${wrong} wrong`);
process.exitCode = wrong === 0 && judged >= all ? 0 : 1;
