import { quoted } from '../requests/request.ts';
import type { CellResult, Verdict } from '../result.ts';
import type { Settled } from './retry.ts';
import type { SuiteCell } from '../suite.ts';

/** What is told of a cell in the end. */
export function resultOf(
  cell: SuiteCell,
  { outcome, isolation, durationMs, attempts, ...tries }: Settled,
  { seed, noFaults = false }: { readonly seed: string; readonly noFaults?: boolean | undefined },
): CellResult {
  const { file, line, column } = cell.position;
  const system = cell.systemFile === undefined ? '' : ` --system ${quoted(cell.systemFile)}`;
  const id = quoted(cell.id);
  return {
    id: cell.id,
    scenario: cell.scenario,
    file,
    line,
    column,
    tags: cell.tags,
    faults: cell.faults.flatMap(({ planned: { spec, faults } }) =>
      faults.map(({ fault }) => ({ on: spec.on, fault: fault.name })),
    ),
    isolation,
    durationMs,
    attempts,
    replay: `brownout run ${quoted(file)}${system} --id ${id} --seed ${quoted(seed)}${noFaults ? ' --no-faults' : ''}`,
    ...outcome,
    ...tries,
  };
}

/** What is told of a cell that was not run, or not to its end. */
export function notRun(verdict: Verdict, reason: string, attempts: number): Settled {
  return {
    outcome: { verdict, reason, recoveryMs: null, curl: null, failures: [], exchanges: [] },
    isolation: 'instance',
    durationMs: 0,
    attempts,
  };
}
