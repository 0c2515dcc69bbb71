import { parseDuration } from '../../common/duration.ts';
import { didYouMean } from '../../common/suggest.ts';
import { defineTrigger, DURATION } from '../trigger.ts';

export const flap = defineTrigger({
  name: 'flap',
  summary: 'healthy for up, then broken for down, again and again',
  example: { up: '2s', down: '1s' },
  schema: {
    type: 'object',
    properties: { up: spell(), down: spell() },
    required: ['up', 'down'],
    additionalProperties: false,
  },
  parse(value) {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    if (!isObject) throw wrong(`{ up: 2s, down: 1s }, got ${JSON.stringify(value)}`);
    for (const key of Object.keys(value))
      if (!KEYS.includes(key)) throw wrong(`up and down, got "${key}"${didYouMean(key, KEYS)}`);
    const { up, down } = value as { readonly up?: unknown; readonly down?: unknown };
    return { up: parseSpell('up', up), down: parseSpell('down', down) };
  },
  holds: ({ up, down }, { elapsedMs }) => elapsedMs % (up + down) >= up,
  nextChange({ up, down }, elapsedMs) {
    const since = elapsedMs % (up + down);
    return (since < up ? up : up + down) - since;
  },
});

function parseSpell(key: string, value: unknown): number {
  if (value === undefined) throw wrong(`up and down, such as { up: 2s, down: 1s }, got no ${key}`);
  const ms = parseDuration(value);
  if (ms === 0) throw wrong(`more than 0ms for ${key}, or it would not flap`);
  return ms;
}

function wrong(expected: string): RangeError {
  return new RangeError(`expected ${expected}`);
}

/** A duration that is not nothing. */
function spell() {
  return { ...DURATION, pattern: `^(?!0+(\\.0+)?[a-z])${DURATION.pattern.slice(1)}` };
}

const KEYS: readonly string[] = ['up', 'down'];
