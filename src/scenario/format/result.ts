import { z } from 'zod';
import { PHASES } from '../../proxy/catalogue.ts';
import type { Result } from '../result.ts';

const VERDICTS = ['passed', 'failed', 'broken', 'inconclusive', 'skipped'] as const;
const count = z.number().int().min(0);
const ms = z.number().min(0);

const failure = z.object({
  at: z.string().describe('`file:line:column` of what was expected'),
  pointer: z
    .string()
    .describe('where in the answer, as a JSON pointer; or a word such as `status` or `time`'),
  expected: z.unknown().optional().describe('absent where nothing was expected'),
  got: z.unknown().optional().describe('absent where nothing came'),
});

const exchange = z.object({
  id: count,
  at: z.number().describe('milliseconds since the epoch'),
  run: z.string().nullable(),
  upstream: z.string(),
  call: z.string().nullable(),
  method: z.string().nullable(),
  path: z.string().nullable().describe('as it came: undecoded, query included'),
  status: count.nullable(),
  durationMs: ms.nullable(),
  bytesIn: count,
  bytesOut: count,
  matched: z.array(z.string()).describe('the rules whose scope, match and trigger held'),
  injected: z
    .array(
      z.object({ rule: z.string(), fault: z.string(), phase: z.enum(PHASES), atMs: z.number() }),
    )
    .describe('what was really done, `atMs` after `at`'),
  unframed: z.boolean().describe('the bytes could not be followed as HTTP'),
  end: z.enum(['answered', 'reset', 'closed', 'client-gone', 'upstream-failed', 'pending']),
  failure: z.string().exactOptional().describe('why the upstream failed: `ECONNREFUSED`'),
  plan: z.string().exactOptional().describe('the plan in the baggage that acted'),
  planProblem: z.string().exactOptional().describe('why a plan in the baggage did not act'),
});

const judged = z.object({
  verdict: z.enum(VERDICTS),
  reason: z
    .string()
    .nullable()
    .describe('why it is not passed, in a sentence; or what is to be known of how it passed'),
  durationMs: ms,
  failures: z.array(failure).describe('all that did not hold'),
});

const load = z.object({
  sent: count.describe('how many requests'),
  tookMs: ms.describe('from the first until one more would have been sent'),
  crowded: z.boolean().describe('at some time as many as may be were waiting for their answers'),
  refused: z.record(z.string(), count).describe('how many were answered by 400 to 499, by status'),
  errors: z.record(z.string(), count).describe('how many had no answer, or one of 500 and above'),
  p50: ms,
  p95: ms,
  p99: ms,
  max: ms.describe('what requests took at most, those without an answer too'),
});

const cell = judged.extend({
  id: z.string(),
  scenario: z.string(),
  file: z.string(),
  line: z.number().int().min(1),
  column: z.number().int().min(1),
  tags: z.array(z.string()),
  isolation: z
    .enum(['instance', 'baggage', 'exclusive'])
    .describe(
      'how it was kept apart: on an instance of its own, by the baggage of its requests, or while no other ran',
    ),
  recoveryMs: ms
    .nullable()
    .describe(
      'from lifting the faults to the first whole answer; null where nothing had to recover',
    ),
  replay: z.string().describe('the command that runs this cell again'),
  curl: z.string().nullable().describe('the request, as a curl line'),
  faults: z
    .array(z.object({ on: z.string(), fault: z.string() }))
    .exactOptional()
    .describe('what was planned to break, and on what'),
  attempts: count.describe('how often it was run'),
  flaky: z.literal(true).exactOptional().describe('it passed only when it was tried again'),
  earlier: z
    .array(judged)
    .exactOptional()
    .describe('what came of it before it was tried again, the earliest first'),
  load: load.exactOptional().describe('what came of the load that its scenario asks for'),
  exchanges: z
    .array(exchange)
    .describe('what the service asked of its upstreams while the faults stood'),
});

/** What the reporter `json` writes. Later versions only add, so a reader lets keys be that it does not know. */
export const resultFormat: z.ZodType<Result> = z.object({
  version: z.literal(1).describe('later versions only add'),
  verdict: z.enum([...VERDICTS, 'interrupted']).describe('the worst of all cells'),
  exit: z.number().int().min(0).max(255).describe('the exit code'),
  seed: z.string().describe('`--seed` of a run that draws the same'),
  startedAt: z.string().describe('ISO 8601'),
  durationMs: ms,
  counts: z
    .object({
      passed: count,
      failed: count,
      broken: count,
      inconclusive: count,
      skipped: count,
      leftOut: count.describe('cells of scenarios of another system'),
      flaky: count.describe('of those that passed'),
    })
    .describe('cells by their verdict'),
  noFaults: z
    .literal(true)
    .exactOptional()
    .describe('nothing was broken: of each cell only the baseline was judged'),
  warnings: z
    .array(z.string())
    .exactOptional()
    .describe('what is to be known of the run as a whole'),
  cells: z.array(cell),
});
