import type { Ran } from './cell.ts';
import type { CellResult, EarlierTry } from '../result.ts';
import { MOST_STALL_MS } from './stall.ts';
import type { SuiteCell } from '../suite.ts';

/** One try of a cell. */
export interface Try extends Omit<Ran, 'doubt'> {
  readonly durationMs: number;
  /** The longest time for which the event loop stood still meanwhile. */
  readonly stalledMs: number;
  /** How often it was run for this. */
  readonly times: number;
}

/** What came of all tries of a cell. */
export type Settled = Pick<Try, 'outcome' | 'isolation' | 'durationMs'> &
  Pick<CellResult, 'attempts' | 'flaky' | 'earlier'>;

/** A cell on its way to a result. */
export interface Trial {
  readonly cell: SuiteCell;
  readonly begun: boolean;
  /** What a try leads to; `starved` where it says nothing of the service, for this process stood still meanwhile. */
  take(ran: Try, last?: 'last'): 'starved' | 'again' | Settled;
}

/**
 * A try that is not passed is followed by another for as long as there are retries. One that was starved takes none of them:
 * it is no try of the service. The `last` counts in any case, and the reason says where it was starved, too.
 */
export function createTrial(cell: SuiteCell, retries: number): Trial {
  const earlier: Try[] = [];
  let starved: Try | undefined;
  let attempts = 0;
  return {
    cell,
    get begun() {
      return attempts > 0;
    },
    take(ran, last) {
      attempts += ran.times;
      const passed = ran.outcome.verdict === 'passed';
      const isStarved = !passed && ran.stalledMs > MOST_STALL_MS;
      if (isStarved && !last) {
        starved ??= ran;
        return 'starved';
      }
      if (!passed && earlier.length < retries) {
        earlier.push(ran);
        return 'again';
      }
      const { outcome, isolation, durationMs } = ran;
      const said = outcome.reason ?? reasonOf(earlier, starved);
      // A line of its own: what a service that died said last ends with one.
      const reason = isStarved ? `${said ?? ''}\n${stoodStill(ran)}, also when run alone` : said;
      return {
        outcome: { ...outcome, reason },
        isolation,
        durationMs,
        attempts,
        ...(passed && earlier.length > 0 ? { flaky: true } : {}),
        ...(earlier.length > 0 ? { earlier: earlier.map(told) } : {}),
      };
    },
  };
}

/** What is to be known of how it passed. */
function reasonOf([first, ...more]: readonly Try[], starved: Try | undefined): string | null {
  if (first) {
    const { verdict, reason } = first.outcome;
    return `flaky: passed at try ${more.length + 2}; the first was ${verdict} (${reason ?? ''})`;
  }
  if (!starved) return null;
  const { verdict, reason } = starved.outcome;
  return `passed when run again; the first time, ${stoodStill(starved)}, and it was ${verdict} (${reason ?? ''})`;
}

function stoodStill({ stalledMs }: Try): string {
  return `this process stood still for ${Math.round(stalledMs)}ms`;
}

function told({ outcome: { verdict, reason, failures }, durationMs }: Try): EarlierTry {
  return { verdict, reason, durationMs, failures };
}
