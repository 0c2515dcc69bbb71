import { z } from 'zod';
import { invalid } from '../../common/errors.ts';
import { parsedBy } from '../../common/validate.ts';
import { duration, path } from './common.ts';

const MOST_RATE = 1000;
const LONGEST_MS = 5 * 60_000;

/** `200/s`; requests a second once read. */
const rate = parsedBy((value) => {
  const [, count] = /^(\d+)\/s$/.exec(String(value)) ?? [];
  const perSecond = Number(count);
  if (perSecond >= 1 && perSecond <= MOST_RATE) return perSecond;
  throw invalid([], `expected a rate from 1/s to ${MOST_RATE}/s, got ${JSON.stringify(value)}`);
}).meta({ type: 'string', pattern: '^\\d+/s$' });

const load = z
  .strictObject({
    rate: rate.describe(
      'how many requests a second, such as 200/s, one after another in even steps',
    ),
    for: duration
      .refine((ms) => ms > 0 && ms <= LONGEST_MS, 'expected a time of at most 5m')
      .describe('for how long they are sent, such as 10s'),
    get: path.optional().describe('what is asked; the contract’s request unless said'),
    as: z.string().optional().describe('an identity of the system, for a path of its own'),
    connections: z
      .int()
      .min(1)
      .max(10_000)
      .default(1000)
      .describe('how many requests may be waiting for their answers at the same time'),
  })
  .describe('many requests, beside the steps');

const atMost = (what: string) => duration.optional().describe(`${what}, such as 400ms`);

/** What goes on while the faults stand, beside the steps. */
export const during = z.strictObject({
  load,
  expect: z
    .strictObject({
      p50: atMost('the most that half of the requests may take'),
      p95: atMost('the most that 95 in 100 of the requests may take'),
      p99: atMost('the most that 99 in 100 of the requests may take'),
      max: atMost('the most that any request may take'),
      errors: z
        .int()
        .min(0)
        .default(0)
        .describe('how many may have no answer, or one of 500 and above; none unless said'),
    })
    .default({ errors: 0 })
    .describe('what must hold of the load'),
});

export type During = z.infer<typeof during>;
