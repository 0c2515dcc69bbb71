import type { Finding } from '../expectation.ts';
import type { CellResult, Failure } from '../result.ts';
import type { SuiteCell } from '../suite.ts';

/** What came of running a cell once. */
export type Outcome = Pick<
  CellResult,
  'verdict' | 'reason' | 'recoveryMs' | 'curl' | 'failures' | 'exchanges' | 'load'
>;

export function outcomeOf(
  verdict: Outcome['verdict'],
  reason: string | null,
  details: Partial<Outcome> = {},
): Outcome {
  return { failures: [], recoveryMs: null, exchanges: [], curl: null, ...details, verdict, reason };
}

/** What did not hold of the baseline or the recovery: it stands where the answer is expected to be right. */
export function failuresAt(cell: SuiteCell, findings: readonly Finding[]): Failure[] {
  return findings.map((finding) => ({ at: cell.positionOf('steps', 0, 'degraded'), ...finding }));
}

/** The first of them, in a sentence. */
export function reasonOf(failures: readonly Omit<Failure, 'at'>[]): string {
  const [{ pointer, expected, got } = { pointer: '', expected: '', got: '' }, ...others] = failures;
  const first = `${pointer || 'the body'}: expected ${show(expected)}, got ${show(got)}`;
  return others.length > 0 ? `${first} (and ${others.length} more)` : first;
}

/** A sentence has no room for a whole page; the failures hold all of it. */
function show(value: unknown): string {
  const text = (JSON.stringify(value) as string | undefined) ?? 'nothing';
  return text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text;
}

const SHOWN = 200;
