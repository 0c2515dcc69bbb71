import type { z } from 'zod';
import { invalid, InvalidError } from '../../common/errors.ts';
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
    const hint = didYouMean(keys[0] ?? '', [...KINDS.keys(), 'use']);
    throw new InvalidError([{ path: [], message: `not a step${hint}` }]);
  }
  return kind.read(validate(kind.schema, value));
}
