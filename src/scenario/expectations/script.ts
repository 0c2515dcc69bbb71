import { parsedBy } from '../../common/validate.ts';
import { invalid } from '../../common/errors.ts';
import { defineExpectation } from '../expectation.ts';
import type { Script } from '../judge/script.ts';
import type { Answer } from '../requests/request.ts';

export const script = defineExpectation({
  name: 'script',
  summary: 'a function of yours that judges the answer: ./check.js, or ./check.js#name',
  schema: parsedBy((value): Script => {
    if (typeof value === 'function') return value as Script;
    throw invalid(
      [],
      'expected a file, such as ./check.js, or one with a function, ./check.js#name',
    );
  }).meta({ type: 'string', pattern: '^[^#]+(#[\\w$]+)?$' }),
  // It gets the log, which is of all that the service does.
  ownInstance: true,
  open: (written, files) => (typeof written === 'string' ? files.script(written) : written),
  check: (expected, { answer, baseline, exchanges, log }, signal) =>
    expected(
      { answer: seen(answer), baseline: baseline && seen(baseline), exchanges, log },
      signal,
    ),
});

function seen({ status, headers, body, json, durationMs }: Answer) {
  return { status, headers, body, json, durationMs };
}
