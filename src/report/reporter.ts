import type { RunEvent } from '../scenario/events.ts';

/** Tells of a run, or writes it down. A reporter is one file in `reporters/`, its test, and one line in the index. */
export interface Reporter {
  /** The word that users type, and the name of its file. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Of its file, where it is one that is kept: `xml`. What is for the screen has none. */
  readonly extension?: string;
  start(options: ReporterOptions): Listener;
}

/** Where a report goes, and what it may look like there. */
export interface ReporterOptions {
  readonly write: (text: string) => void;
  readonly colour: boolean;
  /** Columns. */
  readonly width: number;
  /** A person watches, and a line can be drawn again in place. */
  readonly live: boolean;
  /** Tells of what went well at the same length as of what did not. */
  readonly verbose?: boolean;
  /** Milliseconds, of any clock. */
  readonly now: () => number;
}

/** A report in the making. */
export interface Listener {
  on(event: RunEvent): void;
  /** Called now and then between the events where `live`, so that the time that has passed can be seen to pass. */
  tick?(): void;
  /** Called once, last; without a `run:end` before it where the run fell over. */
  stop?(): void;
}
