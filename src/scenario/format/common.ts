import { z } from 'zod';
import { parseDuration } from '../../common/duration.ts';
import { InvalidError } from '../../common/errors.ts';
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

/** A JSON pointer (RFC 6901). */
export const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*)*$/, 'expected a JSON pointer such as /leaderboard/data');

export const json = z.unknown();

/** Of a system, an upstream, a call, an identity. */
export const NAME = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name such as player-stats');

/** A path of the service under test, query included. */
export const path = z.string().startsWith('/', 'expected a path such as /health');

export const FILE = {
  $schema: z.string().optional().describe('where the JSON Schema of this kind of file is'),
};

/** Rules of the proxy's language by the names that stand for them. */
export const presets = z
  .record(NAME, z.unknown())
  .describe(
    'rules by name, for a text alone in faults: { offline: { on: stats, inject: refuse } }',
  );

const LONGEST_MS = 24 * 3_600_000;
