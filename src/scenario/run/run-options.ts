import type { SystemSpec } from '../../system/spec.ts';
import type { System } from '../../system/system.ts';
import type { Bail } from './bail.ts';
import type { RunEvent } from '../events.ts';
import type { Redactor } from './redact.ts';
import type { CellResult } from '../result.ts';
import type { Session } from './session.ts';
import type { Sharing } from '../isolation/sharing.ts';
import type { StallWatch } from './stall.ts';
import type { Suite, SuiteCell } from '../suite.ts';

export interface RunOptions {
  readonly suite: Suite;
  /** Every draw follows from it. */
  readonly seed: string;
  /** Brings up what a system file describes; nothing is started before a cell asks for it. */
  openSystem(spec: SystemSpec): Promise<System>;
  readonly on: (event: RunEvent) => void;
  /** Interrupts the run: all is put back, and what is not finished has no result. */
  readonly signal: AbortSignal;
  /** Where the values of the secrets that a system file names are found. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** The present, for the result's `startedAt`. */
  readonly startedAt: Date;
  readonly policy?: RunPolicy;
  /** How many cells compute at a time; 8 unless said. */
  readonly atOnce?: number;
}

/** What is done about cells, beside running each of them once. */
export interface RunPolicy {
  /** How often a cell that is not passed is tried again; 0 unless said. */
  readonly retries?: number;
  /** Whether a cell that passed only when it was tried again makes the run fail. */
  readonly failOnFlaky?: boolean;
  /** No cell is begun after so many are not passed. */
  readonly bail?: number;
  /** The most that a cell may take, in milliseconds, where its scenario says nothing; two minutes unless said. */
  readonly timeout?: number;
  /** Judges baselines alone: nothing is broken. */
  readonly noFaults?: boolean;
}

export type Done = (cell: SuiteCell, result: CellResult) => void;
/** What a run knows that its cells share. */
export type Context = RunOptions & {
  readonly stalls: StallWatch;
  readonly redactor: Redactor;
  readonly warnings: string[];
  /** Why something of what was judged could not be ended. */
  readonly notPutBack: string[];
  readonly bail: Bail;
};
export type CellsContext = Context & { readonly session: Session; readonly sharing: Sharing };
