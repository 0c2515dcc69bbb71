import { parseDuration } from '../../common/duration.ts';
import { defineTrigger, DURATION } from '../trigger.ts';

export const after = defineTrigger({
  name: 'after',
  summary: 'once the rule has stood so long; other times count from then',
  example: '5s',
  schema: DURATION,
  parse: parseDuration,
  delay: (ms) => ms,
  holds: () => true,
  nextChange: () => Infinity,
});
