import { z } from 'zod';
import { duration } from './common.ts';
import { expect } from './expect.ts';
import { step } from './step.ts';

/** Values of one cell by the names of the matrix. */
export type Choice = Readonly<Record<string, unknown>>;

export const matrix = z
  .object({
    exclude: z.array(z.record(z.string(), z.unknown())).default([]),
    include: z.array(z.record(z.string(), z.unknown())).default([]),
  })
  .catchall(z.array(z.unknown()).min(1));

/** What can be said of a scenario before its matrix is put in: the rest depends on the cell. */
export const scenarioHead = z.looseObject({
  scenario: z.string().min(1),
  id: z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, 'expected an id such as open-game.one-call'),
  tags: z.array(z.string()).default([]),
  use: z.array(z.string()).min(1),
  matrix: matrix.optional(),
});

/** A scenario with one choice of its matrix put in. `faults` are rules of the proxy's language, checked against the system. */
export const scenarioFile = z.strictObject({
  $schema: z.string().optional(),
  ...scenarioHead.shape,
  faults: z.array(z.unknown()).default([]),
  expect: expect.default({}),
  recovery: z.strictObject({ within: duration }).default({ within: 5000 }),
  steps: z.array(step).min(1).optional(),
});

export type ScenarioSpec = z.infer<typeof scenarioFile>;
