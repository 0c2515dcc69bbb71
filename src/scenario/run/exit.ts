import type { Result, Verdict } from '../result.ts';

/** The verdict of a run: that of its worst cell. A run that skipped all is skipped, one without a cell inconclusive. */
export function worstOf(verdicts: readonly Verdict[]): Verdict {
  return WORST_FIRST.find((verdict) => verdicts.includes(verdict)) ?? 'inconclusive';
}

/** The exit code of each verdict. */
export function exitOf(verdict: Result['verdict']): number {
  return { passed: 0, failed: 1, broken: 4, inconclusive: 5, skipped: 5, interrupted: 130 }[
    verdict
  ];
}

/** The exit code of a run that passed, after which something of it is still there. */
export const NOT_PUT_BACK = 7;

const WORST_FIRST: readonly Verdict[] = ['broken', 'failed', 'inconclusive', 'passed', 'skipped'];
