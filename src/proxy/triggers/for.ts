import { parseDuration } from '../../common/duration.ts';
import { defineTrigger, DURATION } from '../trigger.ts';

export const forTrigger = defineTrigger({
  name: 'for',
  summary: 'only so long, from when the rule came or from the end of after: 0ms means never',
  schema: DURATION,
  parse: parseDuration,
  holds: (ms, { elapsedMs }) => elapsedMs < ms,
  nextChange: (ms, elapsedMs) => (elapsedMs < ms ? ms - elapsedMs : Infinity),
});
