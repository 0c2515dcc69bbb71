import { z } from 'zod';
import { parseDuration } from '../../common/duration.ts';
import { InvalidError } from '../../common/errors.ts';
import { show } from '../../common/show.ts';
import { parsedBy } from '../../common/validate.ts';

/** A duration as people write it; milliseconds once read. Longer than a day is a slip, and past 24 days timers fire at once. */
export const duration = parsedBy((value) => {
  try {
    const ms = parseDuration(value);
    if (ms <= LONGEST_MS) return ms;
    throw new RangeError(`expected at most 24h, got ${String(value)}`);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new InvalidError([{ path: [], message: error.message }]);
  }
}).meta({ type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$', description: '250ms, 2s, 1m' });

const POINTER = /^(\/([^~/]|~[01])*)*$/;

/** A JSON pointer (RFC 6901). */
export const pointer = z.string().regex(POINTER, {
  error: ({ input }) => wanted('a JSON pointer such as /leaderboard/data', input, asPointer),
});

export const json = z.unknown();

/** Of a system, an upstream, a call, an identity. */
export const NAME = named('player-stats');

/** A path of the service under test, query included. */
export const path = z.string().startsWith('/', {
  error: ({ input }) => wanted('a path such as /health', input, asPath),
});

export const FILE = {
  $schema: z.string().optional().describe('where the JSON Schema of this kind of file is'),
};

/** Rules of the proxy's language by the names that stand for them. */
export const presets = z
  .record(NAME, z.unknown())
  .describe(
    'rules by name, for a text alone in faults: { offline: { on: stats, inject: refuse } }',
  );
/** A name in small letters, as that of the example. */
export function named(example: string) {
  return z.string().regex(/^[a-z][a-z0-9-]*$/, {
    error: ({ input }) => wanted(`a name such as ${example}`, input, asName),
  });
}

/** What was expected, what came, and what was probably meant. */
export function wanted(what: string, got: unknown, meant: (text: string) => string): string {
  const near = typeof got === 'string' && got.length < LONGEST ? meant(got) : '';
  return `expected ${what}, got ${show(got)}${near ? `, did you mean "${near}"?` : ''}`;
}

/** `$.price.data` and `price/data` are `/price/data`. */
function asPointer(text: string): string {
  const near = `/${text.replace(/^[$./#]+/, '').replaceAll('.', '/')}`;
  return /^(\/[\w-]+)+$/.test(near) ? near : '';
}

/** `health` and `http://127.0.0.1/health` are `/health`. */
export function asPath(text: string): string {
  const near = text.replace(/^https?:\/\/[^/]*/, '').replace(/^\/*/, '/');
  return /^\/[^\s]+$/.test(near) ? near : '';
}

/** `My Shop` is `my-shop`. */
export function asName(text: string): string {
  const near = text
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_.]+/g, '-');
  return /^[a-z][a-z0-9-]*$/.test(near) ? near : '';
}

const LONGEST = 60;

const LONGEST_MS = 24 * 3_600_000;
