import { formatDuration } from '../../common/duration.ts';
import type { CellContext } from './cell.ts';
import type { Driver } from './driver.ts';
import { failuresAt, outcomeOf, type Outcome } from './outcome.ts';
import type { Place } from '../isolation/place.ts';
import type { Answer } from '../requests/request.ts';
import type { SuiteCell } from '../suite.ts';

/** How far a cell has come. */
export interface Course {
  /** `step 2`, or what else it is doing, in words. */
  at: string;
  /** Its faults stand, or have stood. */
  broke: boolean;
  /** Absent until what is set up may need to be put back. */
  driver?: Driver;
  /** What its contract's request is answered while all is well. */
  baseline?: Answer | undefined;
}

/** A cell that was given up: before any fault it is the service that is not well, or the setup. */
export async function tooLate(
  cell: SuiteCell,
  { run }: Place,
  { session, timeout }: CellContext,
  { at, broke, driver }: Course,
): Promise<Outcome> {
  const within = formatDuration(timeout);
  const { entries: exchanges } = await session.system.control.journal({ run });
  const [late] = failuresAt(cell, [
    { pointer: 'time', expected: `all of it done within ${within}`, got: `still at ${at}` },
  ]);
  return outcomeOf(broke ? 'failed' : 'broken', `not done within ${within}: it was at ${at}`, {
    failures: late ? [late] : [],
    exchanges,
    curl: driver?.curl ?? null,
  });
}
