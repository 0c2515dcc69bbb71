import { z } from 'zod';
import { defineStep } from '../step.ts';

export const clear = defineStep({
  name: 'clear',
  schema: z.strictObject({ clear: z.literal('all').describe('lifts every fault') }),
  read: () => ({
    async run(stage) {
      await stage.clear();
      return [];
    },
  }),
});
