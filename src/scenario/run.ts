import { setMaxListeners } from 'node:events';
import { messageOf } from '../common/errors.ts';
import type { SystemSpec } from '../system/spec.ts';
import type { System } from '../system/system.ts';
import { runCell, type Outcome, type Ran as RanOnce } from './cell.ts';
import type { RunEvent } from './events.ts';
import { exitOf, worstOf } from './exit.ts';
import { quoted } from './request.ts';
import { createRedactor, secretsOf, type Redactor } from './redact.ts';
import type { CellResult, Result, Verdict } from './result.ts';
import { openSession, type Session } from './session.ts';
import { openSharing, type Sharing } from './sharing.ts';
import { createSlots, type Slot } from './slots.ts';
import { MOST_STALL_MS, watchStalls, type StallWatch } from './stall.ts';
import type { Suite, SuiteCell } from './suite.ts';

export interface RunOptions {
  readonly suite: Suite;
  /** Every draw follows from it. */
  readonly seed: string;
  /** Brings up what a system file describes; nothing is started before a cell asks for it. */
  openSystem(spec: SystemSpec): Promise<System>;
  readonly on: (event: RunEvent) => void;
  /** Interrupts the run: all is put back, and what is not finished has no result. */
  readonly signal: AbortSignal;
  /** Where the values of the secrets that a system file names are found. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The present, for the result's `startedAt`. */
  readonly startedAt: Date;
}

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
      leftOut: suite.leftOut,
    },
    ...(warnings.length > 0 ? { warnings } : {}),
    cells,
  };
  on({ type: 'run:end', result });
  return result;
}

type Done = (cell: SuiteCell, result: CellResult) => void;
type Context = RunOptions & {
  readonly stalls: StallWatch;
  readonly redactor: Redactor;
  readonly warnings: string[];
};
type CellsContext = Context & { readonly session: Session; readonly sharing: Sharing };

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
    if (waiting.size === 0) throw error;
    // Without the service there is nothing to judge: each of its cells says why.
    const outcome = nothing('broken', messageOf(error));
    for (const cell of waiting)
      done(
        cell,
        resultOf(cell, outcome, { seed, isolation: 'instance', durationMs: 0, attempts: 1 }),
      );
  }
}

/**
 * Where this process could not keep up, a verdict other than passed may be its own fault: such a cell is run again, at
 * last alone.
 */
async function runCells(
  cells: readonly SuiteCell[],
  context: CellsContext,
  done: Done,
): Promise<void> {
  const unsure = await runAtOnce(
    cells.map((cell) => ({ cell, before: [] })),
    SLOTS,
  );
  // One after another, many that wait take very long: with few at once, most can be judged.
  const left = unsure.length > FEW_SLOTS ? await runAtOnce(unsure, FEW_SLOTS) : unsure;
  for (const one of left) {
    const ran = await runOnce(one.cell, context, { rest: (wait) => wait() });
    if (!ran || context.signal.aborted) return;
    settle(one, ran);
  }

  /** Gives those that could not be judged. */
  async function runAtOnce(tries: readonly Try[], count: number): Promise<Try[]> {
    const slots = createSlots(count);
    const again: Try[] = [];
    await Promise.all(
      tries.map((one) =>
        slots.use(async (slot) => {
          const ran = await runOnce(one.cell, context, slot);
          if (!ran) return;
          const judged = ran.outcome.verdict === 'passed' || ran.stalledMs <= MOST_STALL_MS;
          if (judged) settle(one, ran);
          else again.push({ cell: one.cell, before: [...one.before, ran] });
        }),
      ),
    );
    return again;
  }

  function settle({ cell, before }: Try, { outcome, durationMs, isolation, times }: Ran): void {
    const reason = outcome.reason ?? reasonBefore(before);
    const attempts = before.reduce((sum, ran) => sum + ran.times, times);
    const how = { seed: context.seed, isolation, durationMs, attempts };
    done(cell, resultOf(cell, { ...outcome, reason }, how));
  }
}

/** A cell, and what came of it while this process could not keep up. */
interface Try {
  readonly cell: SuiteCell;
  readonly before: readonly Ran[];
}

function reasonBefore([first]: readonly Ran[]): string | null {
  if (!first) return null;
  const { verdict, reason } = first.outcome;
  const stood = `this process stood still for ${Math.round(first.stalledMs)}ms`;
  return `passed when run again; the first time, ${stood}, and it was ${verdict} (${reason ?? ''})`;
}

interface Ran extends Omit<RanOnce, 'doubt'> {
  readonly durationMs: number;
  /** The longest time for which the event loop stood still meanwhile. */
  readonly stalledMs: number;
  /** How often it was run for this. */
  readonly times: number;
}

async function runOnce(
  cell: SuiteCell,
  context: CellsContext,
  slot: Slot,
): Promise<Ran | undefined> {
  const { on, signal, stalls } = context;
  if (signal.aborted) return undefined;
  on({ type: 'cell:start', id: cell.id });
  const stalled = stalls.since();
  const start = performance.now();
  try {
    const ran = await runKeptApart(cell, context, slot);
    return { ...ran, durationMs: performance.now() - start, stalledMs: stalled() };
  } catch (error) {
    if (signal.aborted) return undefined;
    throw error;
  }
}

/** Among others where that is sound, else alone. */
async function runKeptApart(
  cell: SuiteCell,
  { session, sharing, signal, on }: CellsContext,
  slot: Slot,
): Promise<Pick<Ran, 'outcome' | 'isolation' | 'times'>> {
  const inner = { session, slot, signal, emit: on };
  const place = sharing.placeFor(cell);
  if ('refused' in place)
    return { outcome: nothing('inconclusive', place.refused), isolation: 'baggage', times: 1 };
  const { doubt, ...first } = await runCell(cell, () => place.take(), inner);
  if (!doubt) return { ...first, times: 1 };
  if (!doubt.again) return { ...first, outcome: nothing('inconclusive', doubt.why), times: 1 };
  const { outcome, isolation } = await runCell(cell, () => sharing.alone(cell), inner);
  const reason = outcome.reason ?? `run again on an instance of its own, for ${doubt.why}`;
  return { outcome: { ...outcome, reason }, isolation, times: 2 };
}

function resultOf(
  cell: SuiteCell,
  outcome: Outcome,
  { seed, ...how }: Pick<CellResult, 'durationMs' | 'attempts' | 'isolation'> & { seed: string },
): CellResult {
  const { file, line, column } = cell.position;
  const system = cell.systemFile === undefined ? '' : ` --system ${quoted(cell.systemFile)}`;
  return {
    id: cell.id,
    scenario: cell.scenario,
    file,
    line,
    column,
    tags: cell.tags,
    ...how,
    replay: `brownout run ${quoted(file)}${system} --id ${quoted(cell.id)} --seed ${quoted(seed)}`,
    ...outcome,
  };
}

function nothing(verdict: Verdict, reason: string): Outcome {
  return { verdict, reason, recoveryMs: null, curl: null, failures: [], exchanges: [] };
}

const SLOTS = 8;
const FEW_SLOTS = 3;
