import { defineTrigger, parseCount } from '../trigger.ts';

export const nth = defineTrigger({
  name: 'nth',
  summary: 'these matching requests, counted from 1: a number or a list',
  example: [2, 5],
  schema: {
    anyOf: [
      { type: 'integer', minimum: 1 },
      { type: 'array', items: { type: 'integer', minimum: 1 } },
    ],
  },
  parse: (value) => (Array.isArray(value) ? value : [value]).map((n) => parseCount(n, 1)),
  holds: (ordinals, { ordinal }) => ordinals.includes(ordinal),
});
