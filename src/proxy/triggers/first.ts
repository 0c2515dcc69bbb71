import { defineTrigger, parseCount } from '../trigger.ts';

export const first = defineTrigger({
  name: 'first',
  summary: 'the first n matching requests; 0 means never',
  example: 2,
  schema: { type: 'integer', minimum: 0 },
  parse: (value) => parseCount(value, 0),
  holds: (n, { ordinal }) => ordinal <= n,
});
