import { failuresAt, outcomeOf } from '../run/outcome.ts';
import { notRun, resultOf } from '../run/cell-result.ts';
import type { Context, Done } from '../run/run-options.ts';
import type { Settled } from '../run/retry.ts';
import type { Session } from '../run/session.ts';
import type { SuiteCell } from '../suite.ts';

/** Judges the baseline of each cell's contract, and breaks nothing. Cells of one contract share it: it is learnt once. */
export async function judgeBaselines(
  cells: readonly SuiteCell[],
  { on, signal, seed, bail }: Context,
  session: Session,
  done: Done,
): Promise<void> {
  for (const cell of cells) {
    if (signal.aborted || bail.stopped) return;
    on({ type: 'cell:start', id: cell.id });
    on({ type: 'cell:phase', id: cell.id, phase: 'baseline' });
    done(cell, resultOf(cell, await judge(cell, session), { seed, noFaults: true }));
  }
}

async function judge(cell: SuiteCell, session: Session): Promise<Settled> {
  if (!cell.contract)
    return notRun('skipped', 'it uses no contract, so there is no baseline to judge', 0);
  const start = performance.now();
  const baseline = await session.baseline(cell.contract);
  const outcome =
    'verdict' in baseline
      ? outcomeOf(baseline.verdict, baseline.reason, {
          failures: failuresAt(cell, baseline.findings),
          exchanges: baseline.exchanges ?? [],
        })
      : outcomeOf('passed', null);
  const durationMs = performance.now() - start;
  return { outcome, isolation: 'instance', durationMs, attempts: 1 };
}
