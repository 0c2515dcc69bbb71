import { formatDuration } from '../../common/duration.ts';
import { defineExpectation } from '../expectation.ts';
import { duration } from '../format/common.ts';

export const within = defineExpectation({
  name: 'within',
  summary: 'the answer came, whole, within this time',
  schema: duration,
  check: (expected, { answer }) =>
    answer.durationMs <= expected
      ? []
      : [
          {
            pointer: 'time',
            expected: `at most ${formatDuration(expected)}`,
            got: formatDuration(answer.durationMs),
          },
        ],
});
