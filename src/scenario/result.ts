import type { JournalEntry } from '../proxy/journal.ts';
import type { LoadReport } from './run/send-load.ts';

/** What came of a cell, or of a run. */
export type Verdict = 'passed' | 'failed' | 'broken' | 'inconclusive' | 'skipped';

/** One thing that did not hold. */
export interface Failure {
  /** `file:line:column` of what was expected. */
  readonly at: string;
  /** Where in the answer, as a JSON pointer; or a word such as `status` or `time` for what is not in its body. */
  readonly pointer: string;
  /** Undefined where nothing was expected, and `got` where nothing came: JSON has no such keys then. */
  readonly expected?: unknown;
  readonly got?: unknown;
}

/** A scenario with one choice of its matrix, after it was run. */
export interface CellResult {
  readonly id: string;
  readonly scenario: string;
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly tags: readonly string[];
  /**
   * How it was kept apart: on an `instance` of its own; or on one for all, by the `baggage` of its requests or `exclusive`,
   * while no other cell ran.
   */
  readonly isolation: 'instance' | 'baggage' | 'exclusive';
  readonly verdict: Verdict;
  /** Why it is not passed, in a sentence; or what is to be known of how it passed. */
  readonly reason: string | null;
  readonly durationMs: number;
  /** From lifting the faults to the first answer that was whole again; null when nothing had to recover. */
  readonly recoveryMs: number | null;
  /** The command that runs this cell again. */
  readonly replay: string;
  /** The request, as a curl line. */
  readonly curl: string | null;
  /** What was planned to break, and on what: an upstream, or one of its calls; absent where that is not known. */
  readonly faults?: readonly { readonly on: string; readonly fault: string }[];
  /** How often it was run. */
  readonly attempts: number;
  /** It was not passed at first, and passed when it was tried again; absent where that is not so. */
  readonly flaky?: true;
  /** What came of it before it was tried again, the earliest first; absent where it was tried once. */
  readonly earlier?: readonly EarlierTry[];
  readonly failures: readonly Failure[];
  /** What came of the load that its scenario asks for; absent where it asks for none. */
  readonly load?: LoadReport;
  /** What the service asked of its upstreams while the faults stood, and what was done to it. */
  readonly exchanges: readonly JournalEntry[];
}

/** A try of a cell that was not passed, and was followed by another. */
export type EarlierTry = Pick<CellResult, 'verdict' | 'reason' | 'durationMs' | 'failures'>;

/** Version 1 of the result: later versions only add. */
export interface Result {
  readonly version: 1;
  readonly verdict: Verdict | 'interrupted';
  readonly exit: number;
  readonly seed: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationMs: number;
  readonly counts: Readonly<Record<Verdict, number>> & {
    /** Cells of scenarios that belong to another system than the one that was asked for. */
    readonly leftOut: number;
    /** Of those that passed. */
    readonly flaky: number;
  };
  /** Nothing was broken: of each cell only the baseline was judged. Absent where that is not so. */
  readonly noFaults?: true;
  /** What is to be known of the run as a whole; absent where nothing is. */
  readonly warnings?: readonly string[];
  readonly cells: readonly CellResult[];
}
