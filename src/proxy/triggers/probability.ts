import { defineTrigger } from '../trigger.ts';

export const probability = defineTrigger({
  name: 'probability',
  summary: 'a share of the matching requests, drawn by the seed',
  example: 0.3,
  schema: { type: 'number', minimum: 0, maximum: 1 },
  parse(value) {
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    throw new RangeError(`expected a share from 0 to 1, got ${JSON.stringify(value)}`);
  },
  // A draw is never 1: so 1 is always, and 0 never.
  holds: (share, { draw }) => draw() < share,
});
