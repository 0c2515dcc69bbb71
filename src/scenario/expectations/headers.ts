import { z } from 'zod';
import { defineExpectation } from '../expectation.ts';
import { saying } from '../format/said.ts';
import { baselineless, match, matcher, openSchemas } from '../judge/matcher.ts';

export const headers = defineExpectation({
  name: 'headers',
  summary: 'headers of the answer: a text or a matcher for each name',
  schema: saying(z.record(z.string(), matcher)),
  open: openSchemas,
  mistakes: baselineless,
  check: (expected, { answer, baseline }) =>
    Object.entries(expected).flatMap(([name, wanted]) => {
      const key = name.toLowerCase();
      return match(wanted, answer.headers[key], `header ${key}`, baseline?.headers[key]);
    }),
});
