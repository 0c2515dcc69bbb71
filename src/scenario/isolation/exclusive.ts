import { formatDuration } from '../../common/duration.ts';
import { BrownoutError } from '../../common/errors.ts';
import type { SystemSpec } from '../../system/spec.ts';
import type { Instance } from '../../system/system.ts';
import { BASELINE_RUN } from '../run/baseline.ts';
import { watchCalm } from './calm.ts';
import { createCheckup } from './checkup.ts';
import type { Finding } from '../expectation.ts';
import { now } from '../judge/judge.ts';
import { reasonOf } from '../run/outcome.ts';
import { pause } from '../run/pause.ts';
import type { Offer, Place } from './place.ts';
import type { Room } from './room.ts';
import type { Session } from '../run/session.ts';
import type { SuiteCell } from '../suite.ts';

/** Lets cells have one instance one after another, each as if it were fresh. */
export interface Exclusive {
  /** Sees how the instance behaves for these cells while all is well; nothing else may use it meanwhile. */
  learn(cells: readonly SuiteCell[]): Promise<void>;
  offer(cell: SuiteCell): Offer;
  /** What is to be known of it. */
  readonly warnings: readonly string[];
}

interface Parts {
  readonly spec: SystemSpec;
  readonly session: Session;
  readonly instance: Instance;
  readonly room: Room;
  readonly runOf: (cell: SuiteCell) => string;
  readonly signal: AbortSignal;
}

/**
 * A cell gets the instance when the one before has left it well: its faults are lifted, what was under way is over, and
 * what this cell will ask is answered as it was before any fault. What comes meanwhile is no cell's.
 */
export function createExclusive({
  spec,
  session,
  instance,
  room,
  runOf,
  signal,
}: Parts): Exclusive {
  const { system } = session;
  const calm = watchCalm(system.control, spec.service.settle, signal);
  const checkup = createCheckup({
    instance,
    session,
    signal,
    async calm() {
      const from = now();
      await calm.reached({ from, to: from + SOME_MORE_MS }, 'health');
    },
  });
  const warnings: string[] = [];
  /** The cell that had it last. */
  let before: Before | undefined;
  let isLearnt = false;

  return {
    warnings,
    async learn(cells) {
      // As far as is known none will be alone here: what only those need is learnt when one must be.
      if (cells.length === 0) return;
      instance.lend(BASELINE_RUN);
      await learnFor(cells);
      instance.lend(undefined);
    },
    offer: (cell) => ({
      isolation: 'exclusive',
      async take(slot) {
        const leave = await slot.rest(() => room.alone());
        try {
          signal.throwIfAborted();
          // It may have died meanwhile.
          await system.start(BASELINE_RUN, signal);
          if (!isLearnt) await learnLate();
          if (before) await untilWell(cell, before);
          // What it asks may be asked for the first time: of a service that is ill, that would be learnt as it is then.
          await checkup.learn(cell);
          await system.control.forget(BASELINE_RUN);
          const run = runOf(cell);
          instance.lend(run);
          return placeFor(cell, run, leave);
        } catch (error) {
          giveBack(leave);
          throw error;
        }
      },
    }),
  };

  async function learnFor(cells: readonly SuiteCell[]): Promise<void> {
    for (const cell of cells) await checkup.warm(cell);
    await calm.learn();
    for (const cell of cells) await checkup.learn(cell);
    if (calm.unasked.size > 0) warnings.push(callsUnasked(spec.system, calm.unasked));
    isLearnt = true;
  }

  /** What those who shared it have left under way is over first: it would pass for calls that nobody has asked for. */
  async function learnLate(): Promise<void> {
    const from = now();
    await calm.reached({ from, to: from + SOME_MORE_MS }, 'fault');
    await learnFor([]);
  }

  function placeFor(cell: SuiteCell, run: string, leave: () => void): Place {
    return {
      instance,
      run,
      doubt: () => Promise.resolve(undefined),
      async [Symbol.asyncDispose]() {
        const at = now();
        before = { cell, at, until: at + 2 * cell.recoveryWithin + SOME_MORE_MS };
        try {
          instance.lend(BASELINE_RUN);
          // Here already: what becomes of its calls is known until its part of the journal is forgotten.
          await calm.reached({ from: at, to: before.until }, 'fault');
        } catch (error) {
          if (!signal.aborted) throw error;
        } finally {
          giveBack(leave);
        }
      },
    };
  }

  /** Whatever happens, the next is let in: it would wait for ever. */
  function giveBack(leave: () => void): void {
    try {
      instance.lend(undefined);
    } finally {
      leave();
    }
  }

  /** @throws {BrownoutError} `left_ill` */
  async function untilWell(cell: SuiteCell, left: Before): Promise<void> {
    const to = Math.max(left.until, now() + SOME_MORE_MS);
    const calls = await calm.reached({ from: left.at, to }, 'fault');
    if (calls !== undefined) throw leftIll(left, `it still calls ${calls}`);
    // One answer that is whole may be chance: of two connections in a pool, one may be dead.
    for (let whole = 0, wanted = 1; whole < wanted;) {
      const [first] = await findings(cell, left);
      if (!first) {
        whole++;
        continue;
      }
      if (now() >= left.until) throw leftIll(left, reasonOf([first]));
      [whole, wanted] = [0, WHOLE_AGAIN];
      await pause(POLL_MS, signal);
    }
  }

  /** Where this cell asks what is not known yet, what the one before has asked tells of it. */
  async function findings(cell: SuiteCell, left: Before): Promise<Finding[]> {
    const found = await checkup.findings(cell);
    return found.length > 0 || checkup.knows(cell) ? found : checkup.findings(left.cell);
  }
}

interface Before {
  readonly cell: SuiteCell;
  readonly at: number;
  /** It is waited for so long. */
  readonly until: number;
}

function leftIll({ cell: { id }, at }: Before, what: string): BrownoutError {
  const message = `the service is not well since "${id}", ${formatDuration(now() - at)} after its faults were lifted: ${what}. It may need longer (recovery: within), or an instance for each cell (service: command)`;
  return new BrownoutError('left_ill', message);
}

function callsUnasked(system: string, names: ReadonlySet<string>): string {
  return `${system} calls ${[...names].join(', ')} while nothing is asked of it: in cells that take turns on it, such calls count as the cell's`;
}

/** Beyond twice the recovery that the cell before allowed. */
const SOME_MORE_MS = 2000;
const WHOLE_AGAIN = 3;
const POLL_MS = 50;
