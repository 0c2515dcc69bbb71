import { z } from 'zod';
import type { ServiceSpec } from '../../system/spec.ts';
import { duration, FILE, json, NAME, path, pointer, presets } from './common.ts';
import { isOfEnvironment, upstream } from './upstream.ts';

/** `builtin portal --unprotected`. */
const builtin = z
  .string()
  .regex(
    /^builtin [a-z-]+( --[a-z-]+)*$/,
    'expected "builtin portal"; for a program of your own use command: [...]',
  );

const service = z
  .strictObject({
    start: builtin.optional().describe('a service that comes with brownout'),
    command: z
      .array(z.string(), { error: asList })
      .min(1)
      .optional()
      .describe('a program and its arguments; ${port} is the port that it must listen on'),
    url: z
      .string()
      .refine((text) => isOfEnvironment(text) || isServiceUrl(text), { error: () => NOT_URL })
      .optional()
      .describe('where it runs already; a path there is put before that of each request'),
    cwd: z.string().optional().describe('where the program runs, from this file’s folder'),
    env: z
      .record(z.string(), z.string())
      .default({})
      .describe(
        'may hold ${upstream.name.url}, .address and .ca, ${port}, ${secret} and ${env.NAME}',
      ),
    ready: z
      .strictObject({
        get: path.default('/').describe('answers 2xx when the service is ready'),
        within: duration.default(20_000).describe('how long starting may take, such as 20s'),
      })
      .default({ get: '/', within: 20_000 })
      .describe('when the service has started'),
    settle: duration
      .optional()
      .describe(
        'how long it may still call after its answer, where cells take turns on it; what is seen of it unless said',
      ),
    stateless: z
      .boolean()
      .default(false)
      .describe('no breaker, cache or pool carries one request’s fate into another’s'),
  })
  .superRefine(({ start, command, url, cwd, env }, context) => {
    const report = (path: string[], message: string) =>
      context.addIssue({ code: 'custom', path, message, params: { atKey: true } });
    const said = Object.entries({ start, command, url }).filter(([, one]) => one !== undefined);
    if (said.length === 0) report([], ONE_START);
    for (const [key] of said.slice(1)) report([key], ONE_START);
    if (url === undefined || said.length > 1) return;
    const elsewhere = 'the service at url runs already: say this where it is started';
    if (cwd !== undefined) report(['cwd'], elsewhere);
    if (Object.keys(env).length > 0) report(['env'], elsewhere);
  })
  .transform(({ start, command, url, cwd, ...others }): ServiceSpec => {
    const [, name = '', ...flags] = start?.split(' ') ?? [];
    const how = command ? { command } : { builtin: name, flags };
    return { start: url === undefined ? how : { url }, cwd, ...others };
  });

function asList({ input }: { readonly input?: unknown }): string | undefined {
  if (typeof input !== 'string') return undefined;
  const words = input.trim().split(/\s+/);
  return `expected a list, which no shell takes apart: command: ${JSON.stringify(words).replaceAll('","', '", "')}`;
}

function isServiceUrl(text: string): boolean {
  if (!/^https?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { search, hash, username } = new URL(text);
  return search === '' && hash === '' && username === '';
}

/** `system.yaml`: what is under test. */
export const systemFile = z.strictObject({
  ...FILE,
  system: NAME.describe('its name; another file of the same name may stand in for it'),
  service: service.meta({
    description: 'how the service under test is started',
    // For the editor: what is checked above.
    oneOf: ['start', 'command', 'url'].map((key) => ({ required: [key] })),
  }),
  identities: z
    .record(
      NAME,
      z.strictObject({
        post: path.describe('where to log in'),
        json: json.describe('what is sent'),
        token: pointer.describe('where the bearer token stands in the answer'),
      }),
    )
    .default({})
    .describe('who requests may be made as; each logs in once per run'),
  upstreams: z.record(NAME, upstream).describe('what the service calls'),
  isolation: z
    .enum(['auto', 'instance', 'baggage', 'exclusive'])
    .default('auto')
    .describe(
      'how cells are kept apart: an instance of the service for each; all on one, by the baggage of requests; or one after another on one',
    ),
  presets: presets.default({}),
  secrets: z
    .array(z.string())
    .default([])
    .describe('environment variables whose values are not shown'),
});

const ONE_START =
  'say one of start: builtin portal, command: ["program", "argument"], or url: http://127.0.0.1:8000 where it runs already';
const NOT_URL =
  'expected the address where the service runs, such as http://127.0.0.1:8000 or https://staging.example.com/shop';
