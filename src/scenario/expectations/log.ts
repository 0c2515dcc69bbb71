import { z } from 'zod';
import { defineExpectation, type Finding } from '../expectation.ts';
import { contains } from '../judge/matcher.ts';

const wanted = z
  .strictObject({
    level: z.string().optional().describe('warn; a number such as pino’s 40 counts as its name'),
    has: z
      .record(z.string(), z.unknown())
      .optional()
      .describe('what a JSON line holds, among others'),
    contains: z.string().optional().describe('a text in the line'),
    count: z.int().min(0).optional().describe('how many lines fit; at least one unless said'),
  })
  .refine((one) => Object.keys(one).some((key) => key !== 'count'), 'say what the line holds');

type Wanted = z.infer<typeof wanted>;

export const log = defineExpectation({
  name: 'log',
  summary: 'a line that the service logs during the request: its level, what it holds',
  schema: wanted,
  ownInstance: true,
  noOthers: true,
  comesLate: true,
  mayBreakLate: ({ count }) => count !== undefined,
  mistakes: (_, { system }) =>
    'url' in system.service.start ? [{ path: [], message: UNSEEN }] : [],
  check(expected, { log }): Finding[] {
    const fitting = log.filter((line) => fits(line, expected)).length;
    const { count } = expected;
    if (count === undefined ? fitting > 0 : fitting === count) return [];
    return [{ pointer: 'log', expected, got: log.slice(-SHOWN).map(asJson) }];
  },
});

function fits(line: string, { level, has, contains: text }: Wanted): boolean {
  const fields = asJson(line);
  return (
    (level === undefined || levelOf(fields, line) === level.toLowerCase()) &&
    (has === undefined || contains(fields, has)) &&
    (text === undefined || line.includes(text))
  );
}

/** Of a line that is no JSON, the first word that is the name of a level. */
function levelOf(fields: unknown, line: string): string | undefined {
  const { level } = Object(fields) as { readonly level?: unknown };
  if (typeof level === 'number') return PINO[level];
  if (typeof level === 'string') return level.toLowerCase();
  return /\b(trace|debug|info|warn(?=(ing)?\b)|error|fatal)/i.exec(line)?.[1]?.toLowerCase();
}

function asJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return line;
  }
}

const PINO: Readonly<Record<number, string>> = {
  10: 'trace',
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
};
const UNSEEN =
  'what a service logs that runs already at a url is not seen: leave log out, or let the run start it by command';
/** The last lines, where none fits. */
const SHOWN = 5;
