import { z } from 'zod';
import { valueAt } from '../../common/json-pointer.ts';
import { defineExpectation } from '../expectation.ts';
import { pointer } from '../format/common.ts';
import { saying } from '../format/said.ts';
import { baselineless, match, matcher, openSchemas } from '../judge/matcher.ts';

export const body = defineExpectation({
  name: 'body',
  summary: 'the JSON of the answer: a value or a matcher for each pointer',
  schema: saying(z.record(pointer, matcher)),
  open: openSchemas,
  mistakes: baselineless,
  check(expected, { answer, baseline }) {
    const { json, body, problem } = answer;
    // Where there is no JSON everything is absent: that proves nothing of what stands below its root.
    if (
      json === undefined &&
      (problem !== undefined || Object.keys(expected).some((at) => at !== ''))
    )
      return [{ pointer: 'body', expected: 'JSON', got: problem ?? body.slice(0, SHOWN) }];
    return Object.entries(expected).flatMap(([at, wanted]) =>
      match(wanted, valueAt(json, at), at, valueAt(baseline?.json, at)),
    );
  },
});

const SHOWN = 200;
