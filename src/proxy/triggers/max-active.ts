import { defineTrigger, parseCount } from '../trigger.ts';

export const maxActive = defineTrigger({
  name: 'max-active',
  summary: 'at most n exchanges or connections at once; others pass',
  example: 1,
  schema: { type: 'integer', minimum: 1 },
  parse: (value) => parseCount(value, 1),
  holds: (n, { active }) => active < n,
});
