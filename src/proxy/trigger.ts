import type { JsonSchema } from './json-schema.ts';

/** What a trigger may decide by. */
export interface Occasion {
  /** How many requests (or connections) the rule has matched, this one included. Exact under concurrency. */
  readonly ordinal: number;
  /** Milliseconds since the rule came; where a trigger delays it, since the delay was over. */
  readonly elapsedMs: number;
  /** How many exchanges and connections the rule acts upon now, without this one. */
  readonly active: number;
  /** From [0, 1), by the seed, the rule and the ordinal: however often it is asked, the same. */
  readonly draw: () => number;
}

/** When a matching rule fires. Several triggers of one rule must all hold. */
export interface Trigger<T = unknown> {
  /** The word that people type, and the name of its file. */
  readonly name: string;
  readonly summary: string;
  /** A value to show it by. */
  readonly example: unknown;
  readonly schema: JsonSchema;
  /** @throws {RangeError} with a sentence that says what is wrong */
  parse(value: unknown): T;
  /** It only looks: what it says may not change what another one sees. */
  holds(value: T, occasion: Occasion): boolean;
  /** For how many milliseconds the rule does nothing at all; the time of all triggers counts from then. */
  delay?(value: T): number;
  /** Of a trigger that looks at nothing but the time: in how many milliseconds it says something else; Infinity, if never. */
  nextChange?(value: T, elapsedMs: number): number;
}

export function defineTrigger<T>(trigger: Trigger<T>): Trigger<T> {
  return trigger;
}

/** Reads a count of at least `min`. */
export function parseCount(value: unknown, min: number): number {
  if (Number.isSafeInteger(value) && Number(value) >= min) return Number(value);
  throw new RangeError(`expected a whole number from ${min} on, got ${JSON.stringify(value)}`);
}

/** A duration such as `250ms`, as schemas know it. */
export const DURATION = { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$' } as const;
