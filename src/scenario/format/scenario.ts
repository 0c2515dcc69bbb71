import { z } from 'zod';
import { asName, duration, FILE, presets, wanted } from './common.ts';
import { during } from './during.ts';
import { expect } from './expect.ts';
import { step } from './step.ts';

/** Values of one cell by the names of the matrix. */
export type Choice = Readonly<Record<string, unknown>>;

const choices = (what: string) =>
  z.array(z.record(z.string(), z.unknown())).default([]).describe(what);

export const matrix = z
  .object({
    exclude: choices('combinations that are left out: all whose values fit'),
    include: choices('cells that are added as they stand'),
  })
  .catchall(z.array(z.unknown()).min(1, 'expected at least one value'))
  .describe('values by name; each combination is a test of its own, and stands for ${name}');

/** What can be said of a scenario before its matrix is put in: the rest depends on the cell. */
export const scenarioHead = z.looseObject({
  scenario: z.string().min(1).describe('what is shown, in a sentence'),
  id: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]*$/, {
      error: ({ input }) => wanted('an id such as open-game.one-call', input, asName),
    })
    .describe('its name in reports and for --id'),
  tags: z.array(z.string()).default([]).describe('words to choose it by: --tag smoke'),
  use: z
    .array(z.string())
    .min(1)
    .describe(
      'the system file, the contract if there is one, and fragments that steps call by name',
    ),
  matrix: matrix.optional(),
});

const reason = z.string().regex(/\S/, 'say why, in a text');

const reasons = z
  .array(
    z.strictObject({
      cells: z
        .record(z.string(), z.unknown())
        .describe('values of the matrix: all cells that have them'),
      reason: reason.describe('why'),
    }),
  )
  .min(1);

/** A reason; or several, each for the cells of the matrix whose values fit. */
const mark = z.union([reason, reasons], {
  error: 'say why: a text, or a list of cells and reasons',
});

export type Mark = z.infer<typeof mark>;

/** A scenario with one choice of its matrix put in. `faults` are rules of the proxy's language, checked against the system. */
export const scenarioFile = z.strictObject({
  ...FILE,
  ...scenarioHead.shape,
  skip: mark.optional().describe('why it is not run, all of it or some cells of the matrix'),
  only: mark.optional().describe('why nothing else is run, all of it or some cells of the matrix'),
  timeout: duration
    .refine((ms) => ms > 0, 'a cell cannot be done in no time')
    .optional()
    .describe('the most that a cell may take, such as 30s'),
  presets: presets.optional(),
  faults: z.array(z.unknown()).default([]).describe('what is broken, from the baseline on'),
  during: during.optional().describe('what goes on while the faults stand, beside the steps'),
  expect: expect.default({}).describe('what must hold of the contract’s answer'),
  recovery: z
    .strictObject({ within: duration.describe('such as 5s') })
    .default({ within: 5000 })
    .describe('how soon the answer is whole again after the faults were lifted'),
  setup: z.array(step).default([]).describe('what is done before the baseline'),
  steps: z.array(step).min(1).optional().describe('what is done, one after another'),
  teardown: z
    .array(step)
    .default([])
    .describe('what is done at the end, whatever has happened before'),
});

export type ScenarioSpec = z.infer<typeof scenarioFile>;
