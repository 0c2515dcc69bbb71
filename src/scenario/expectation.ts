import type { z } from 'zod';
import type { Problem } from '../common/errors.ts';
import type { JournalEntry } from '../proxy/journal.ts';
import type { Contract } from './format/contract.ts';
import type { SchemaCheck } from './judge/json-schema.ts';
import type { Answer } from './requests/request.ts';
import type { Script } from './judge/script.ts';
import type { Named } from './step.ts';

/** One thing that did not hold. */
export interface Finding {
  readonly pointer: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/** A fault that was planned for the time of a request, and the calls it is about. */
export interface PlannedOnCalls {
  readonly rule: string;
  readonly fault: string;
  /** `stats.leaderboard`, as it was written. */
  readonly on: string;
  /** The contract's calls that it breaks; for a rule with `match`, those that it hit by the journal. */
  readonly calls: readonly string[];
  /** It acts on connections, so how many attempts there were cannot be known. */
  readonly onConnections: boolean;
  /** By the journal. What is expected of a call whose fault never fired is left unjudged. */
  readonly fired: boolean;
}

/** All that an expectation may judge by: the answer, what the journal says of it, and what was planned. */
export interface Evidence {
  readonly answer: Answer;
  /** What the service asked of its upstreams during the request. */
  readonly exchanges: readonly JournalEntry[];
  readonly planned: readonly PlannedOnCalls[];
  /** The answer to the same request when all was well; undefined without a contract. */
  readonly baseline: Answer | undefined;
  readonly contract: Contract | undefined;
  /** Texts that must not stand in any answer. */
  readonly never: readonly string[];
  /** Other requests were under way: what was asked and logged meanwhile is not for this one alone. */
  readonly amongOthers?: boolean;
  /** What the service has logged since the request was sent, line by line. */
  readonly log: readonly string[];
  /** Pointers into the answer that `body` judges: `degraded` leaves them alone. */
  readonly judgedByBody: readonly string[];
}

/** One kind of expectation. Everything else (validation, schema, help) is derived from this record. */
export interface Expectation<T = unknown> {
  /** The key under `expect`. */
  readonly name: string;
  readonly summary: string;
  readonly schema: z.ZodType<T>;
  /** Can only be judged against a contract. */
  readonly needsContract?: true;
  /** Can only be judged of a service that does nothing else meanwhile. */
  readonly ownInstance?: true;
  /** Can only be judged while no other request of its run is under way. */
  readonly noOthers?: true;
  /** What it judges by may come after the answer: it is judged again, for a while. */
  readonly comesLate?: true;
  /** Of that, what comes late may also break what holds: it is judged again even so. */
  mayBreakLate?(expected: T): boolean;
  /**
   * What is judged by in the place of what was written, where that names a file; it is not known yet to be of the form that
   * `schema` says. What is no file any more is a function: nothing is put into it.
   * @throws {InvalidError} whose paths start at what is expected
   */
  readonly open?: (written: unknown, opener: Opener) => unknown;
  /** What is wrong with what is expected, in this system, with paths that start at it. */
  mistakes?(expected: T, about: About): Problem[];
  /** `signal` ends what takes its time. */
  check(
    expected: T,
    evidence: Evidence,
    signal: AbortSignal,
  ): readonly Finding[] | Promise<readonly Finding[]>;
}

/** Finds the files that an expectation names, from the file in which it stands. */
export interface Opener {
  schema(file: string): SchemaCheck;
  /** `./check.js`, or `./check.js#name`. */
  script(named: string): Script;
}

/** What an expectation may name, and whether it is of the contract's own request. */
export interface About extends Named {
  readonly ofContract: boolean;
}

export function defineExpectation<T>(expectation: Expectation<T>): Expectation<T> {
  return expectation;
}
