import { z } from 'zod';
import { valueAt } from '../../common/json-pointer.ts';
import { defineExpectation } from '../expectation.ts';
import { pointer } from '../format/common.ts';
import { match, matcher } from '../matcher.ts';

export const body = defineExpectation({
  name: 'body',
  summary: 'the JSON of the answer: a value or a matcher for each pointer',
  schema: z.record(pointer, matcher),
  check: (expected, { answer, baseline }) =>
    Object.entries(expected).flatMap(([at, wanted]) =>
      match(wanted, valueAt(answer.json, at), at, valueAt(baseline?.json, at)),
    ),
});
