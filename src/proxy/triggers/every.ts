import { defineTrigger, parseCount } from '../trigger.ts';

export const every = defineTrigger({
  name: 'every',
  summary: 'each nth matching request: n, 2n, 3n, …',
  example: 3,
  schema: { type: 'integer', minimum: 1 },
  parse: (value) => parseCount(value, 1),
  holds: (n, { ordinal }) => ordinal % n === 0,
});
