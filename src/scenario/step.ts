import type { z } from 'zod';
import type { Problem } from '../common/errors.ts';
import type { SystemSpec } from '../system/spec.ts';
import type { Contract } from './format/contract.ts';
import type { Expect } from './format/expect.ts';
import type { Finding } from './expectation.ts';

/** One kind of step. Everything else (validation, schema, running) is derived from this record. */
export interface StepKind<T = unknown> {
  /** The key that tells it: `wait`. */
  readonly name: string;
  readonly schema: z.ZodType<T>;
  /** What a step does that says this. */
  read(said: T): Step;
}

/** One thing after another that a scenario does. */
export interface Step {
  /** The request that it sends, and what must hold of the answer. */
  readonly sends?: Sending;
  /** It breaks something, as `faults` do. */
  readonly injects?: true;
  /** What is wrong with it in this system, with paths that start at the step. */
  mistakes?(named: Named): Problem[];
  /** Does it; gives what did not hold, by expectation. */
  run(stage: Stage): Promise<readonly Judged[]>;
}

/** What a scenario may name. */
export interface Named {
  readonly system: SystemSpec;
  readonly contract: Contract | undefined;
}

export interface Sending {
  /** A request of the scenario's own, or that of its contract. */
  readonly request: OwnRequest | 'of the contract';
  /** How often it is sent, one after another. */
  readonly repeat: number;
  readonly expect: Expect;
  /** What later steps may say as `${name}`: where it stands in the answer. */
  readonly capture: Readonly<Record<string, Source>>;
}

/** A JSON pointer into the body, or a header. */
export type Source = string | { readonly header: string };

export interface OwnRequest {
  readonly method: string;
  readonly path: string;
  /** An identity of the system. */
  readonly as: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
}

/** What a step may do to the cell that it is a part of. */
export interface Stage {
  /** Sends and judges, until an answer does not hold. */
  send(sending: Sending): Promise<readonly Judged[]>;
  /** Does nothing for so many milliseconds. */
  wait(ms: number): Promise<void>;
  /** Puts a fault on a whole upstream, and on its connections that are open. */
  hold(upstream: string, fault: 'refuse' | 'hang'): Promise<void>;
  release(upstream: string, fault: 'refuse' | 'hang'): Promise<void>;
  /** Lifts every fault. */
  clear(): Promise<void>;
}

export interface Judged {
  /** The expectation. */
  readonly name: string;
  readonly findings: readonly Finding[];
}

export function defineStep<T>(kind: StepKind<T>): StepKind<T> {
  return kind;
}
