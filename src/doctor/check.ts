import type { MachineContext } from './machine.ts';
import type { ServiceContext } from './service.ts';

/**
 * Something that brownout needs, proved by doing it. A check is one file in `checks/`, its test, and one line in the index:
 * the table, the JSON and the exit code are derived from what it finds.
 */
export type Check = MachineCheck | ServiceCheck;

export interface MachineCheck extends Described {
  readonly needs: 'machine';
  run(context: MachineContext): Promise<Finding>;
}

export interface ServiceCheck extends Described {
  readonly needs: 'service';
  run(context: ServiceContext): Promise<Finding>;
}

interface Described {
  /** The word that people read, and the name of its file. */
  readonly name: string;
  /** What is true where it holds, in one line. */
  readonly proves: string;
  /** What to do where it does not hold, unless the finding knows better: what really causes it. */
  readonly advice: string;
  /** A check that must have held, or this one is not tried. */
  readonly after?: string;
}

/** `unknown`: it could not be proved. `not needed`: nothing depends on it here, whatever was seen. */
export type Verdict = 'holds' | 'fails' | 'unknown' | 'not needed';

/** What came of a check. */
export interface Finding {
  readonly verdict: Verdict;
  /** What was really seen, with figures: `ECONNREFUSED after 1 ms`. */
  readonly seen: string;
  /** What to do about it, in the place of the check's own advice. */
  readonly advice?: string;
}

/** Milliseconds, as people read them: `0.4 ms`, `251 ms`. */
export function showMs(ms: number): string {
  return `${ms < 10 ? Number(ms.toFixed(1)) : Math.round(ms)} ms`;
}
