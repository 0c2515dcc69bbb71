import type { CellResult, Failure } from '../result.ts';

/**
 * A result that a report has room for: a page of megabytes, or a thousand places that differ, are told as far as anyone
 * reads. Only of what is redacted already: half a secret would not be known for one.
 */
export function bounded(cell: CellResult): CellResult {
  const { failures, earlier } = cell;
  return {
    ...cell,
    failures: boundedFailures(failures),
    ...(earlier && {
      earlier: earlier.map((one) => ({ ...one, failures: boundedFailures(one.failures) })),
    }),
  };
}

function boundedFailures(failures: readonly Failure[]): readonly Failure[] {
  const told = failures
    .slice(0, MOST_FAILURES)
    .map((one) => ({ ...one, expected: cut(one.expected), got: cut(one.got) }));
  const [next] = failures.slice(MOST_FAILURES);
  if (!next) return told;
  const rest = `${failures.length - MOST_FAILURES} more places that differ`;
  return [...told, { at: next.at, pointer: 'others', expected: 'none', got: rest }];
}

function cut(value: unknown): unknown {
  if (typeof value !== 'object' && typeof value !== 'string') return value;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  if (text.length <= LONGEST) return value;
  return `${text.slice(0, SHOWN)}… (${text.length - SHOWN} more characters)`;
}

const MOST_FAILURES = 100;
/** Longer is cut: a comparison place by place still needs the whole of what is large. */
const LONGEST = 256 * 1024;
const SHOWN = 10_000;
