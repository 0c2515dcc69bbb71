import { runCell } from './cell.ts';
import { resultOf } from './cell-result.ts';
import { outcomeOf } from './outcome.ts';
import { createTrial, type Try, type Trial } from './retry.ts';
import type { CellsContext, Done } from './run-options.ts';
import { createSlots, createTurns, OWN_SLOT, type Slot, type Slots } from './slots.ts';
import type { SuiteCell } from '../suite.ts';
import { TIMEOUT_MS } from './timeout.ts';

/**
 * Where this process could not keep up, a verdict other than passed may be its own fault: such a cell is run again, at
 * last alone.
 */
export async function runCells(
  cells: readonly SuiteCell[],
  context: CellsContext,
  done: Done,
): Promise<void> {
  const { signal, bail, seed, policy = {}, sharing, atOnce = SLOTS } = context;
  /** Of what is no verdict, such as a reporter that fails: the first, and no other cell is begun. */
  let failed: { readonly cause: unknown } | undefined;
  const trials = cells.map((cell) => createTrial(cell, policy.retries ?? 0));
  const unsure = await runInPhases(trials, atOnce);
  // One after another, many that wait take very long: with few at once, most can be judged.
  const left = unsure.length > FEW_SLOTS ? await runInPhases(unsure, FEW_SLOTS) : unsure;
  for (const trial of left) await tryOut(trial, OWN_SLOT, 'last');

  /** Cells that need the service for themselves take turns when the others are over. Gives those that could not be judged. */
  async function runInPhases(trials: readonly Trial[], most: number): Promise<Trial[]> {
    const byCell = new Map(trials.map((trial) => [trial.cell, trial]));
    const starved: Trial[] = [];
    const all = [...byCell.keys()];
    const phases = [
      ...sharing.phasesOf(all.filter(({ load }) => !load)),
      // Beside a load nothing could be judged.
      { cells: all.filter(({ load }) => load), atOnce: false },
    ];
    for (const phase of phases) {
      const slots = phase.atOnce ? createSlots(most) : createTurns();
      starved.push(
        ...(await runAtOnce(
          phase.cells.flatMap((cell) => byCell.get(cell) ?? []),
          slots,
        )),
      );
    }
    return starved;
  }

  async function runAtOnce(trials: readonly Trial[], slots: Slots): Promise<Trial[]> {
    const starved: Trial[] = [];
    await Promise.all(
      trials.map((trial) =>
        slots.use(async (slot) => {
          if (failed) return;
          try {
            if ((await tryOut(trial, slot)) === 'starved') starved.push(trial);
          } catch (cause) {
            failed ??= { cause };
          }
        }),
      ),
    );
    // Not before all that is under way is put back: what it runs on ends next.
    if (failed) throw failed.cause;
    return starved;
  }

  /** Until it has a result, or was starved. */
  async function tryOut(trial: Trial, slot: Slot, last?: 'last'): Promise<'starved' | undefined> {
    for (;;) {
      if (signal.aborted || (bail.stopped && !trial.begun)) return undefined;
      if (!trial.begun) context.on({ type: 'cell:start', id: trial.cell.id });
      const ran = await runOnce(trial.cell, context, slot);
      if (!ran) return undefined;
      const next = trial.take(ran, last);
      if (next === 'starved') return next;
      if (next === 'again') continue;
      done(trial.cell, resultOf(trial.cell, next, { seed }));
      return undefined;
    }
  }
}

async function runOnce(
  cell: SuiteCell,
  context: CellsContext,
  slot: Slot,
): Promise<Try | undefined> {
  const { signal, stalls } = context;
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
  { session, sharing, signal, on, policy }: CellsContext,
  slot: Slot,
): Promise<Pick<Try, 'outcome' | 'isolation' | 'times'>> {
  const timeout = cell.timeout ?? policy?.timeout ?? TIMEOUT_MS;
  const inner = { session, slot, signal, timeout, emit: on };
  const place = sharing.placeFor(cell);
  if ('refused' in place)
    return { outcome: outcomeOf('inconclusive', place.refused), isolation: 'baggage', times: 1 };
  const { doubt, ...first } = await runCell(cell, place, inner);
  if (!doubt) return { ...first, times: 1 };
  if (!doubt.again) return { ...first, outcome: outcomeOf('inconclusive', doubt.why), times: 1 };
  const { outcome, isolation } = await runCell(cell, sharing.alone(cell), inner);
  const where = isolation === 'exclusive' ? 'alone' : 'on an instance of its own';
  const reason = outcome.reason ?? `run again ${where}, for ${doubt.why}`;
  return { outcome: { ...outcome, reason }, isolation, times: 2 };
}

const SLOTS = 8;
const FEW_SLOTS = 3;
