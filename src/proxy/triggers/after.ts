import { parseDuration } from '../../common/duration.ts';
import { defineTrigger, DURATION } from '../trigger.ts';

export const after = defineTrigger({
  name: 'after',
  summary: 'only when the rule has stood for so long; times of other triggers count from then',
  schema: DURATION,
  parse: parseDuration,
  delay: (ms) => ms,
  holds: () => true,
  nextChange: () => Infinity,
});
