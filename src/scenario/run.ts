import { setMaxListeners } from 'node:events';
import { BrownoutError, messageOf } from '../common/errors.ts';
import type { SystemSpec } from '../system/spec.ts';
import { exitOf, worstOf } from './exit.ts';
import { createRedactor, secretsOf } from './redact.ts';
import type { CellResult, Result, Verdict } from './result.ts';
import { nothing, resultOf, runCells } from './run-cells.ts';
import type { Context, Done, RunOptions } from './run-options.ts';
import { openSession } from './session.ts';
import { openSharing } from './sharing.ts';
import { watchStalls } from './stall.ts';
import type { SuiteCell } from './suite.ts';

export type { RunOptions } from './run-options.ts';

/** Runs every cell of a suite, many at once, and tells about it by events. */
export async function runSuite(options: RunOptions): Promise<Result> {
  const { suite, seed, on, startedAt } = options;
  const start = performance.now();
  const plan = suite.cells.map(({ id, position: { file, line } }) => ({ id, file, line }));
  on({ type: 'run:start', plan: { seed, cells: plan, leftOut: suite.leftOut } });
  // Every wait of every cell listens to it, and each takes its listener away again.
  setMaxListeners(0, options.signal);
  using stalls = watchStalls();
  const results = new Map<SuiteCell, CellResult>();
  const redactor = createRedactor();
  const warnings: string[] = [];
  for (const spec of new Set(suite.cells.map(({ system }) => system))) {
    if (options.signal.aborted) break;
    const cells = suite.cells.filter(({ system }) => system === spec);
    await runSystem(spec, cells, { ...options, stalls, redactor, warnings }, (cell, told) => {
      const result = redactor.redact(told);
      results.set(cell, result);
      on({ type: 'cell:end', cell: result });
    });
  }
  const cells = suite.cells.flatMap((cell) => results.get(cell) ?? []);
  const verdicts = cells.map(({ verdict }) => verdict);
  const interrupted = options.signal.aborted;
  const verdict = interrupted ? 'interrupted' : worstOf(verdicts);
  const count = (wanted: Verdict) => verdicts.filter((one) => one === wanted).length;
  const result: Result = {
    version: 1,
    verdict,
    exit: exitOf(verdict),
    seed,
    startedAt: startedAt.toISOString(),
    durationMs: performance.now() - start,
    counts: {
      passed: count('passed'),
      failed: count('failed'),
      broken: count('broken'),
      inconclusive: count('inconclusive'),
      skipped: count('skipped'),
      flaky: cells.filter(({ flaky }) => flaky).length,
      leftOut: suite.leftOut,
    },
    ...(warnings.length > 0 ? { warnings } : {}),
    cells,
  };
  on({ type: 'run:end', result });
  return result;
}

async function runSystem(
  spec: SystemSpec,
  cells: readonly SuiteCell[],
  context: Context,
  done: Done,
): Promise<void> {
  const { signal, seed, redactor } = context;
  for (const secret of secretsOf(spec, context.env ?? {})) redactor.add(secret);
  const waiting = new Set(cells);
  try {
    await using system = await context.openSystem(spec);
    await using session = await openSession(system, spec, context);
    await using sharing = await openSharing(cells, spec, session, signal);
    context.warnings.push(...sharing.warnings);
    await runCells(cells, { ...context, session, sharing }, (cell, result) => {
      waiting.delete(cell);
      done(cell, result);
    });
  } catch (error) {
    if (signal.aborted) return;
    // All were judged, and then something could not be put back: that is no verdict on a cell.
    if (waiting.size === 0 || isOwn(error)) throw error;
    // Without the service there is nothing to judge: each of its cells says why.
    const outcome = nothing('broken', messageOf(error));
    const isolation = 'url' in spec.service.start ? 'exclusive' : 'instance';
    for (const cell of waiting)
      done(cell, resultOf(cell, outcome, { seed, isolation, durationMs: 0, attempts: 1 }));
  }
}

/** Not the service's: an address that the file names was not to be had. */
function isOwn(error: unknown): boolean {
  return error instanceof BrownoutError && error.code === 'listen_failed';
}
