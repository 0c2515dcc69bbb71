import { runCell, type Outcome, type Ran as RanOnce } from './cell.ts';
import { quoted } from './request.ts';
import type { CellResult, Verdict } from './result.ts';
import type { CellsContext, Done } from './run-options.ts';
import { createSlots, type Slot } from './slots.ts';
import { MOST_STALL_MS } from './stall.ts';
import type { SuiteCell } from './suite.ts';

/**
 * Where this process could not keep up, a verdict other than passed may be its own fault: such a cell is run again, at
 * last alone.
 */
export async function runCells(
  cells: readonly SuiteCell[],
  context: CellsContext,
  done: Done,
): Promise<void> {
  const unsure = await runAtOnce(
    cells.map((cell) => ({ cell, before: [] })),
    context.atOnce ?? SLOTS,
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

export function resultOf(
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

export function nothing(verdict: Verdict, reason: string): Outcome {
  return { verdict, reason, recoveryMs: null, curl: null, failures: [], exchanges: [] };
}

const SLOTS = 8;
const FEW_SLOTS = 3;
