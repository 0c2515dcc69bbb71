import { z } from 'zod';
import { FILE, NAME } from './common.ts';

/** A fragment: steps that scenarios share. They are checked in each scenario that uses them, with its values. */
export const fragmentFile = z.strictObject({
  ...FILE,
  fragment: NAME.describe('its name, as steps call it: { use: name }'),
  steps: z.array(z.unknown()).min(1).describe('what is done, one after another'),
});

/** In the place of this step stand those of a fragment. */
export const useStep = z.strictObject({
  use: z
    .string()
    .min(1)
    .describe('a fragment: its file, or its name where the scenario’s use lists the file'),
  with: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('what stands in the fragment for ${name}'),
});
