import { BrownoutError } from '../../common/errors.ts';
import { createRedactor, secretsOf } from '../../scenario/run/redact.ts';
import type { Suite } from '../../scenario/suite.ts';
import { printable } from '../../report/printable.ts';
import type { Io } from '../io.ts';
import type { RunFlags } from './flags.ts';
import { planDocument, planText } from './plan-text.ts';

/**
 * Says what would run, and starts nothing.
 * @throws {BrownoutError} `usage` for a reporter that has no form for that
 */
export function showPlan(suite: Suite, flags: RunFlags, { stdout, env }: Io): void {
  const redactor = createRedactor();
  for (const system of new Set(suite.cells.map((cell) => cell.system))) {
    for (const secret of secretsOf(system, env)) redactor.add(secret);
  }
  const [reporter = 'list', ...more] = flags.reporter ?? [];
  if (more.length > 0 || !['list', 'json'].includes(reporter))
    throw new BrownoutError('usage', '--plan is shown by --reporter list or json, on the screen');
  const { seed = null } = flags;
  if (reporter === 'json') {
    stdout.write(`${JSON.stringify(redactor.redact(planDocument(suite, seed)), null, 2)}\n`);
  } else {
    const text = redactor.redact(planText(suite, !flags.faults));
    stdout.write(text.split('\n').map(printable).join('\n'));
  }
}
