import { z } from 'zod';
import { duration } from '../format/common.ts';
import { defineStep } from '../step.ts';

export const wait = defineStep({
  name: 'wait',
  schema: z.strictObject({ wait: duration.describe('does nothing for this long: 250ms, 2s') }),
  read: ({ wait }) => ({
    async run(stage) {
      await stage.wait(wait);
      return [];
    },
  }),
});
