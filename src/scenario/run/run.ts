import { setMaxListeners } from 'node:events';
import { BrownoutError, messageOf } from '../../common/errors.ts';
import type { SystemSpec } from '../../system/spec.ts';
import { bounded } from './bounded.ts';
import { createBail } from './bail.ts';
import { notRun, resultOf } from './cell-result.ts';
import type { RunEvent } from '../events.ts';
import { judgeBaselines } from '../choose/no-faults.ts';
import { createRedactor, redactedError, secretsOf } from './redact.ts';
import type { CellResult, Result } from '../result.ts';
import { runCells } from './run-cells.ts';
import type { Context, Done, RunOptions } from './run-options.ts';
import { openSession } from './session.ts';
import { openSharing } from '../isolation/sharing.ts';
import { watchStalls } from './stall.ts';
import type { SuiteCell } from '../suite.ts';
import { summarize } from './summary.ts';

export type { RunOptions } from './run-options.ts';

/** Runs every cell of a suite, many at once, and tells about it by events. */
export async function runSuite(options: RunOptions): Promise<Result> {
  const { suite, seed, policy = {}, env = {} } = options;
  const start = performance.now();
  const systems = new Set(suite.cells.map(({ system }) => system));
  const redactor = createRedactor();
  for (const system of systems) {
    for (const secret of secretsOf(system, env)) redactor.add(secret);
  }
  const on = (event: RunEvent) => options.on(redactor.redact(event));
  // Every wait of every cell listens to it, and each takes its listener away again.
  setMaxListeners(0, options.signal);
  using stalls = watchStalls();
  const bail = createBail(policy.bail);
  const warnings = [...(suite.warnings ?? [])];
  const context: Context = { ...options, on, stalls, redactor, warnings, notPutBack: [], bail };
  const results = new Map<SuiteCell, CellResult>();
  const done: Done = (cell, told) => {
    const result = bounded(redactor.redact(told));
    results.set(cell, result);
    bail.count(result);
    options.on({ type: 'cell:end', cell: result });
  };

  const plan = suite.cells.map(({ id, position: { file, line } }) => ({ id, file, line }));
  const shard = suite.shard ? { shard: suite.shard } : {};
  on({ type: 'run:start', plan: { seed, cells: plan, leftOut: suite.leftOut, ...shard } });
  const wanted = suite.cells.filter(({ skip }) => skip === undefined);
  for (const cell of suite.cells) {
    if (cell.skip !== undefined)
      done(cell, resultOf(cell, notRun('skipped', cell.skip, 0), { seed }));
  }
  try {
    for (const spec of systems) {
      if (options.signal.aborted || bail.stopped) break;
      const cells = wanted.filter(({ system }) => system === spec);
      if (cells.length > 0) await runSystem(spec, cells, context, done);
    }
  } catch (error) {
    // The service's last words may stand in what is thrown.
    throw redactedError(error, redactor);
  }
  const cells = suite.cells.flatMap((cell) => results.get(cell) ?? []);
  const result = summarize(cells, { ...context, durationMs: performance.now() - start });
  options.on({ type: 'run:end', result });
  return result;
}

async function runSystem(
  spec: SystemSpec,
  cells: readonly SuiteCell[],
  context: Context,
  done: Done,
): Promise<void> {
  const { signal, seed, policy } = context;
  const waiting = new Set(cells);
  const doneHere: Done = (cell, result) => {
    waiting.delete(cell);
    done(cell, result);
  };
  try {
    await using system = await context.openSystem(spec);
    await using session = await openSession(system, spec, context);
    if (policy?.noFaults) return await judgeBaselines(cells, context, session, doneHere);
    await using sharing = await openSharing(cells, spec, session, signal);
    context.warnings.push(...sharing.warnings);
    await runCells(cells, { ...context, session, sharing }, doneHere);
  } catch (error) {
    if (signal.aborted) return;
    // All were judged, and then something could not be put back: that is no verdict on a cell.
    if (waiting.size === 0) return void context.notPutBack.push(causesOf(error));
    if (isOwn(error)) throw error;
    // Without the service there is nothing to judge: each of its cells says why.
    const outcome = notRun('broken', messageOf(error), 1);
    for (const cell of waiting) done(cell, resultOf(cell, outcome, { seed, ...policy }));
  }
}

/** Of an error on the way out of another, both. */
function causesOf(error: unknown): string {
  if (!(error instanceof Error && 'suppressed' in error && 'error' in error))
    return messageOf(error);
  return `${causesOf(error.suppressed)}; ${causesOf(error.error)}`;
}

/** Not the service's: an address that the file names was not to be had. */
function isOwn(error: unknown): boolean {
  return error instanceof BrownoutError && error.code === 'listen_failed';
}
