import { z } from 'zod';
import { defineExpectation } from '../expectation.ts';

export const status = defineExpectation({
  name: 'status',
  summary: 'the status of the answer',
  schema: z.int().min(100).max(599),
  check: (expected, { answer }) =>
    answer.status === expected
      ? []
      : [{ pointer: 'status', expected, got: answer.status ?? answer.problem }],
});
