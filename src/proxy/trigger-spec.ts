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

/** @throws {InvalidError} whose paths start at the trigger's own value */
export function parseTrigger(value: unknown): PlannedTrigger {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    const message = `expected a trigger such as { first: 2 }, got ${JSON.stringify(value)}`;
    throw new InvalidError([{ path: [], message }]);
  }
  const problems: Problem[] = [];
  const parts = Object.entries(value).map(([name, written]) => {
    const trigger = TRIGGERS.get(name);
    if (!trigger) {
      const message = `unknown trigger "${name}"${didYouMean(name, [...TRIGGERS.keys()])}`;
      problems.push({ path: [name], message, atKey: true });
      return () => false;
    }
    try {
      const parsed = trigger.parse(written);
      return (occasion: Occasion) => trigger.holds(parsed, occasion);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      problems.push({ path: [name], message: `${name}: ${error.message}` });
      return () => false;
    }
  });
  if (problems.length > 0) throw new InvalidError(problems);
  return {
    spec: value as TriggerSpec,
    holds: (occasion) => parts.every((holds) => holds(occasion)),
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
