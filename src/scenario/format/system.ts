import { z } from 'zod';
import type { ServiceSpec } from '../../system/spec.ts';
import { duration, FILE, json, NAME, path, pointer, presets } from './common.ts';
import { upstream } from './upstream.ts';

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
      .array(z.string())
      .min(1)
      .optional()
      .describe('a program and its arguments; ${port} is the port that it must listen on'),
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
    stateless: z
      .boolean()
      .default(false)
      .describe('no breaker, cache or pool carries one request’s fate into another’s'),
  })
  .refine((value) => (value.start === undefined) !== (value.command === undefined), {
    message: 'say either start: builtin portal, or command: ["program", "argument"]',
  })
  .transform(({ start, command, cwd, ...others }): ServiceSpec => {
    const [, name = '', ...flags] = start?.split(' ') ?? [];
    return { start: command ? { command } : { builtin: name, flags }, cwd, ...others };
  });

/** `system.yaml`: what is under test. */
export const systemFile = z
  .strictObject({
    ...FILE,
    system: NAME.describe('its name; another file of the same name may stand in for it'),
    service: service.describe('how the service under test is started'),
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
      .enum(['auto', 'instance', 'baggage'], { error: notYet })
      .default('auto')
      .describe(
        'how cells are kept apart: an instance of the service for each, or all on one, by the baggage of requests',
      ),
    presets: presets.default({}),
    secrets: z
      .array(z.string())
      .default([])
      .describe('environment variables whose values are not shown'),
  })
  .superRefine(({ isolation, service }, context) => {
    if (isolation !== 'baggage' || service.stateless) return;
    context.addIssue({ code: 'custom', path: ['isolation'], message: NEEDS_STATELESS });
  });

function notYet({ input }: { readonly input?: unknown }): string | undefined {
  return input === 'exclusive'
    ? 'exclusive is not there yet: use instance, or leave isolation out'
    : undefined;
}

const NEEDS_STATELESS =
  'baggage lets all cells share one instance, so the service must keep nothing from one request to the next: say stateless: true under service, or use instance';
