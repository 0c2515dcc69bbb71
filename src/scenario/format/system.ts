import { z } from 'zod';
import { InvalidError } from '../../common/errors.ts';
import { parsedBy } from '../../common/validate.ts';
import { parseMatch } from '../../proxy/catalogue.ts';
import type { ServiceSpec, UpstreamSpec } from '../../system/spec.ts';
import { duration, FILE, json, path, pointer } from './common.ts';

const NAME = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name such as player-stats');

const BUILTIN_TARGET = z.string().regex(/^builtin [a-z-]+$/);
const HTTP_TARGET = /^https?:\/\/[^/]+$/;
/** `127.0.0.1:5432`, or `tls://db.example.com:5432` where TLS is spoken. */
const TCP_TARGET = /^(tls:\/\/)?(\[[^\]/]+\]|[^\s:/@[\]]+):\d+$/;
const NOT_HTTP =
  'expected an address such as http://127.0.0.1:5000; host:port is for protocol: tcp';
const NOT_TCP = 'with protocol: tcp, expected host:port, or tls://host:port where it speaks TLS';

/** `builtin portal --unprotected`. */
const builtin = z
  .string()
  .regex(
    /^builtin [a-z-]+( --[a-z-]+)*$/,
    'expected "builtin portal"; for a program of your own use command: [...]',
  );

const call = parsedBy((value) => {
  if (typeof value !== 'string') {
    throw new InvalidError([
      { path: [], message: `expected "GET /path/:name", got ${JSON.stringify(value)}` },
    ]);
  }
  parseMatch(value);
  return value;
}).meta({ type: 'string', pattern: '^([A-Z]+|\\*) /', description: 'GET /stats/:product/:user' });

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
      .describe('may hold ${upstream.name.url}, .address and .ca, ${port} and ${secret}'),
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

const upstream = z
  .strictObject({
    protocol: z
      .enum(['http', 'tcp'])
      .default('http')
      .describe(
        'what is spoken: http, or tcp for anything else, of which only the bytes are known',
      ),
    target: z
      .union([BUILTIN_TARGET, z.string().regex(HTTP_TARGET), z.string().regex(TCP_TARGET)], {
        error:
          'expected "builtin stats" or the address of the real thing, such as http://127.0.0.1:5000',
      })
      .describe(
        'builtin stats, or the address of the real thing: http://host:port; of tcp, host:port',
      ),
    tls: z
      .boolean()
      .default(false)
      .describe('the service reaches it by TLS, whatever the target speaks'),
    host: z.literal('target').optional().describe('send the target’s own name as Host'),
    calls: z.record(NAME, call).default({}).describe('names for what the service asks of it'),
  })
  .superRefine(({ protocol, target, host, calls }, context) => {
    const report = (key: string, message: string) =>
      context.addIssue({ code: 'custom', path: [key], message });
    const tcp = protocol === 'tcp';
    if (!BUILTIN_TARGET.safeParse(target).success && TCP_TARGET.test(target) !== tcp)
      report('target', tcp ? NOT_TCP : NOT_HTTP);
    if (tcp && host !== undefined) report('host', 'with protocol: tcp there is no Host to send');
    if (tcp && Object.keys(calls).length > 0)
      report('calls', 'with protocol: tcp there are no calls: rules take the whole upstream');
  })
  .transform(({ protocol, target, tls, host, calls }): UpstreamSpec => ({
    protocol,
    target: target.startsWith('builtin ')
      ? { builtin: target.slice('builtin '.length) }
      : { url: target },
    tls,
    ownHost: host === 'target',
    calls,
  }));

/** `system.yaml`: what is under test. */
export const systemFile = z.strictObject({
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
    .enum(['auto', 'instance'])
    .default('auto')
    .describe('how cells are kept apart: an instance of the service for each'),
  secrets: z
    .array(z.string())
    .default([])
    .describe('environment variables whose values are not shown'),
});
