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
  const delay = Math.max(...parts.map((part) => part.delay));
  return {
    spec: value as TriggerSpec,
    holds(occasion) {
      const delayed = { ...occasion, elapsedMs: occasion.elapsedMs - delay };
      return delayed.elapsedMs >= 0 && parts.every((part) => part.holds(delayed));
    },
  };
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
}

function partOf(trigger: Trigger, value: unknown): Part {
  return {
    delay: trigger.delay?.(value) ?? 0,
    holds: (occasion) => trigger.holds(value, occasion),
  };
}
