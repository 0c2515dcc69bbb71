import { InvalidError, type Problem } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import type { JsonSchema } from './json-schema.ts';
import type { Occasion, Trigger } from './trigger.ts';
import * as triggers from './triggers/index.ts';

/** As written: `{ first: 2 }`; several must all hold. */
export type TriggerSpec = Readonly<Record<string, unknown>>;

export interface PlannedTrigger {
  readonly spec: TriggerSpec;
  holds(occasion: Occasion): boolean;
  /** Where all its triggers go by the time alone: what they say at an age of the rule, and in how many milliseconds that changes. */
  readonly time?: {
    holds(ageMs: number): boolean;
    nextChange(ageMs: number): number;
  };
}

/** Every trigger there is, by name. */
export const TRIGGERS: ReadonlyMap<string, Trigger> = new Map(
  Object.values(triggers).map((trigger) => [trigger.name, trigger as unknown as Trigger]),
);

/** A rule without a trigger. */
export const ALWAYS: PlannedTrigger = { spec: {}, holds: () => true };

/** @throws {InvalidError} whose paths start at the trigger's own value */
export function parseTrigger(value: unknown): PlannedTrigger {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject || Object.keys(value).length === 0) {
    const message = `expected a trigger such as { first: 2 }, got ${JSON.stringify(value)}`;
    throw new InvalidError([{ path: [], message }]);
  }
  const problems: Problem[] = [];
  const parts = Object.entries(value).flatMap(([name, written]) => {
    const trigger = TRIGGERS.get(name);
    if (!trigger) {
      const message = `unknown trigger "${name}"${didYouMean(name, [...TRIGGERS.keys()])}`;
      problems.push({ path: [name], message, atKey: true });
      return [];
    }
    try {
      return [partOf(trigger, trigger.parse(written))];
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push({ path: [name], message: `${name}: ${error.message}` });
      return [];
    }
  });
  if (problems.length > 0) throw new InvalidError(problems);
  return plan(value as TriggerSpec, parts);
}

/** Names of the triggers that go by the time alone. */
export function timeTriggers(): string[] {
  return [...TRIGGERS.values()].filter((one) => 'nextChange' in one).map(({ name }) => name);
}

export function triggerSchema(): JsonSchema {
  const properties = Object.fromEntries(
    [...TRIGGERS.values()].map(({ name, schema, summary }) => [
      name,
      { ...schema, description: summary },
    ]),
  );
  return { type: 'object', properties, additionalProperties: false, minProperties: 1 };
}

interface Part {
  readonly delay: number;
  holds(occasion: Occasion): boolean;
  readonly nextChange: ((elapsedMs: number) => number) | undefined;
}

function partOf(trigger: Trigger, value: unknown): Part {
  return {
    delay: trigger.delay?.(value) ?? 0,
    holds: (occasion) => trigger.holds(value, occasion),
    nextChange: trigger.nextChange && ((elapsedMs) => trigger.nextChange?.(value, elapsedMs) ?? 0),
  };
}

function plan(spec: TriggerSpec, parts: readonly Part[]): PlannedTrigger {
  const delay = Math.max(...parts.map((part) => part.delay));
  const holds = (occasion: Occasion) => {
    const delayed = { ...occasion, elapsedMs: occasion.elapsedMs - delay };
    return delayed.elapsedMs >= 0 && parts.every((part) => part.holds(delayed));
  };
  const changes = parts.flatMap(({ nextChange }) => nextChange ?? []);
  if (changes.length < parts.length) return { spec, holds };
  const time = {
    holds: (ageMs: number) => holds({ ...UNSEEN, elapsedMs: ageMs }),
    nextChange(ageMs: number) {
      const elapsedMs = ageMs - delay;
      return elapsedMs < 0 ? -elapsedMs : Math.min(...changes.map((next) => next(elapsedMs)));
    },
  };
  return { spec, holds, time };
}

/** What a trigger that goes by the time alone does not look at. */
const UNSEEN = { ordinal: 1, active: 0, draw: () => 0 };
