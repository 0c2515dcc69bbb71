import { parseDuration } from '../../common/duration.ts';
import { defineTrigger, DURATION } from '../trigger.ts';

export const forTrigger = defineTrigger({
  name: 'for',
  summary: 'only for so long since the rule came; 0ms means never',
  example: '10s',
  schema: DURATION,
  parse: parseDuration,
  holds: (ms, { elapsedMs }) => elapsedMs < ms,
  nextChange: (ms, elapsedMs) => (elapsedMs < ms ? ms - elapsedMs : Infinity),
});
