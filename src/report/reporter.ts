import type { RunEvent } from '../scenario/events.ts';
import type { LiveArea } from './live-area.ts';

/** Tells of a run, or writes it down. A reporter is one file in `reporters/`, its test, and one line in the index. */
export interface Reporter {
  /** The word that users type, and the name of its file. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  start(options: ReporterOptions): Listener;
}

/** Where a report goes, and what it may look like there. */
export interface ReporterOptions {
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
  /** Where a person watches: what is printed above it and drawn in it goes to the terminal, and nothing by `write`. */
  readonly area?: LiveArea | undefined;
  /** Tells of what went well at the same length as of what did not. */
  readonly verbose?: boolean;
  /** Milliseconds, of any clock. */
  readonly now: () => number;
}

/** A report in the making. */
export interface Listener {
  on(event: RunEvent): void;
  /** Called now and then between the events where there is an `area`, so that the time that has passed can be seen to pass. */
  tick?(): void;
  /** Called once, last; without a `run:end` before it where the run fell over. */
  stop?(): void;
}
