import { exitOf, NOT_PUT_BACK, worstOf } from './exit.ts';
import type { CellResult, Result, Verdict } from '../result.ts';
import type { Context } from './run-options.ts';

/** What came of a whole run. */
export function summarize(
  cells: readonly CellResult[],
  context: Context & { readonly durationMs: number },
): Result {
  const { suite, seed, startedAt, signal, durationMs, policy = {} } = context;
  const count = (wanted: Verdict) => cells.filter(({ verdict }) => verdict === wanted).length;
  const flaky = cells.filter((cell) => cell.flaky).length;
  const unknown = suite.cells.length - cells.length;
  const warnings = [
    ...context.warnings,
    ...policyWarnings(context, unknown, flaky),
    ...context.notPutBack.map((why) => `not all could be put back after the cells: ${why}`),
  ];
  // What has no result has not passed; a flaky cell may be as good as a failed one.
  const more: Verdict[] = [
    ...(unknown > 0 ? (['inconclusive'] as const) : []),
    ...(flaky > 0 && policy.failOnFlaky ? (['failed'] as const) : []),
  ];
  const verdict = signal.aborted
    ? 'interrupted'
    : worstOf([...cells.map(({ verdict }) => verdict), ...more]);
  return {
    version: 1,
    verdict,
    exit: exitOf(verdict) || (context.notPutBack.length > 0 ? NOT_PUT_BACK : 0),
    seed,
    startedAt: startedAt.toISOString(),
    durationMs,
    counts: {
      passed: count('passed'),
      failed: count('failed'),
      broken: count('broken'),
      inconclusive: count('inconclusive'),
      skipped: count('skipped'),
      flaky,
      leftOut: suite.leftOut,
    },
    ...(policy.noFaults ? { noFaults: true } : {}),
    ...(warnings.length > 0 ? { warnings: context.redactor.redact(warnings) } : {}),
    cells,
  };
}

function policyWarnings(
  { policy = {}, bail, signal }: Context,
  unknown: number,
  flaky: number,
): string[] {
  const { bail: after, failOnFlaky } = policy;
  return [
    ...(bail.stopped && unknown > 0 && !signal.aborted
      ? [`${unknown} not run, for ${after} did not pass (--bail)`]
      : []),
    ...(flaky > 0 && failOnFlaky
      ? [`${flaky} passed only when tried again, which fails this run (--fail-on-flaky)`]
      : []),
  ];
}
