import type { RunEvent } from '../scenario/events.ts';
import type { LiveArea } from './live-area.ts';

/** Tells of a run, or writes it down. A reporter is one file in `reporters/`, its test, and one line in the index. */
export interface Reporter {
  /** The word that users type, and the name of its file. */
  readonly name: string;
  /** One line for the help. */
  readonly summary: string;
  /** Of its file, where it is one that is kept: `xml`. What is for the screen has none. */
  readonly extension?: string;
  /** What may be asked of it, by the word that is written behind its name (`junit:flaky`). */
  readonly choices?: Readonly<Record<string, string>>;
  /** On stdout it may stand below the lines of another. */
  readonly joins?: true;
  /** A file to which it adds, beside what it writes: where the environment names one. */
  addsTo?(env: Environment): string | undefined;
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
  readonly env?: Environment;
  /** Those of its `choices` that were made. */
  readonly choices?: readonly string[];
  /** The file to which it adds, where there is one, and the bytes that are in it already. */
  readonly added?: { readonly write: (text: string) => void; readonly taken: number } | undefined;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** A report in the making. */
export interface Listener {
  on(event: RunEvent): void;
  /** Called now and then between the events where there is an `area`, so that the time that has passed can be seen to pass. */
  tick?(): void;
  /** Called once, last; without a `run:end` before it where the run fell over. */
  stop?(): void;
}
