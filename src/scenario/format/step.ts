import { z } from 'zod';
import { invalid, InvalidError } from '../../common/errors.ts';
import { show } from '../../common/show.ts';
import { didYouMean } from '../../common/suggest.ts';
import { parsedBy, validate } from '../../common/validate.ts';
import type { Step, StepKind } from '../step.ts';
import * as kinds from '../steps/index.ts';

/** Every kind of step there is, by the key that tells it. */
const KINDS: ReadonlyMap<string, StepKind> = new Map(
  Object.values(kinds).map((kind) => [kind.name, kind as unknown as StepKind]),
);

/** A step that knows what to do. */
export const step = parsedBy(parseStep);

/** Each kind of step, for the JSON Schema. */
export const stepShapes: readonly z.ZodType[] = [...KINDS.values()].map(({ schema }) => schema);

function parseStep(value: unknown): Step {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const kind = keys.map((key) => KINDS.get(key)).find((known) => known !== undefined);
  if (!kind) {
    // Those that the file names are in the places of these steps already.
    if (keys.includes('use'))
      throw invalid(['use'], 'a fragment is named in the file itself, not by the matrix');
    throw new InvalidError([{ path: [], message: notAStep(value, keys) }]);
  }
  const own = kind.schema instanceof z.ZodObject ? Object.keys(kind.schema.shape) : [];
  const other = keys.find((key) => KINDS.has(key) && !own.includes(key));
  if (other !== undefined) {
    const message = `a step does one thing: put "${other}" into a step of its own, after a dash`;
    throw new InvalidError([{ path: [other], message, atKey: true }]);
  }
  return kind.read(validate(kind.schema, value));
}

function notAStep(value: unknown, keys: readonly string[]): string {
  const [key] = keys;
  if (key === undefined) return `expected a step such as { get: /health }, got ${show(value)}`;
  if (PARTS.includes(key))
    return `"${key}" is a part of the step above it: indent it as far as that one’s keys, without a dash`;
  return `not a step${didYouMean(key, [...KINDS.keys(), 'use'])}`;
}

/** What stands beside the request of a step. */
const PARTS = ['expect', 'capture', 'as', 'headers', 'json', 'repeat'];
