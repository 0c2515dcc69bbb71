import type { JsonSchema } from './json-schema.ts';

/** What a trigger may decide by. */
export interface Occasion {
  /** How many requests the rule has matched, this one included. Exact under concurrency. */
  readonly ordinal: number;
}

/** When a matching rule fires. Several triggers of one rule must all hold. */
export interface Trigger<T = unknown> {
  /** The word that people type, and the name of its file. */
  readonly name: string;
  readonly summary: string;
  readonly schema: JsonSchema;
  /** @throws {RangeError} with a sentence that says what is wrong */
  parse(value: unknown): T;
  holds(value: T, occasion: Occasion): boolean;
}

export function defineTrigger<T>(trigger: Trigger<T>): Trigger<T> {
  return trigger;
}

/** Reads a count of at least `min`. */
export function parseCount(value: unknown, min: number): number {
  if (Number.isSafeInteger(value) && Number(value) >= min) return Number(value);
  throw new RangeError(`expected a whole number from ${min} on, got ${JSON.stringify(value)}`);
}
