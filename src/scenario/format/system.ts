import { z } from 'zod';
import { InvalidError } from '../../common/errors.ts';
import { parsedBy } from '../../common/validate.ts';
import { parseMatch } from '../../proxy/catalogue.ts';
import type { ServiceSpec, UpstreamSpec } from '../../system/spec.ts';
import { duration, json, pointer } from './common.ts';

const NAME = z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name such as player-stats');

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
    start: builtin.optional(),
    command: z.array(z.string()).min(1).optional(),
    cwd: z.string().optional(),
    env: z.record(z.string(), z.string()).default({}),
    ready: z
      .strictObject({ get: z.string().default('/'), within: duration.default(20_000) })
      .default({ get: '/', within: 20_000 }),
    stateless: z.boolean().default(false),
  })
  .refine((value) => (value.start === undefined) !== (value.command === undefined), {
    message: 'say either start: builtin portal, or command: ["program", "argument"]',
  })
  .transform(({ start, command, cwd, env, ready }): ServiceSpec => {
    const [, name = '', ...flags] = start?.split(' ') ?? [];
    return { start: command ? { command } : { builtin: name, flags }, cwd, env, ready };
  });

const upstream = z
  .strictObject({
    protocol: z.literal('http').default('http'),
    target: z.union(
      [z.string().regex(/^builtin [a-z-]+$/), z.string().regex(/^https?:\/\/[^/]+$/)],
      {
        error:
          'expected "builtin stats" or the address of the real thing, such as http://127.0.0.1:5000',
      },
    ),
    host: z.literal('target').optional(),
    calls: z.record(NAME, call).default({}),
  })
  .transform(({ target, host, calls }): UpstreamSpec => ({
    target: target.startsWith('builtin ')
      ? { builtin: target.slice('builtin '.length) }
      : { url: target },
    ownHost: host === 'target',
    calls,
  }));

/** `system.yaml`: what is under test. */
export const systemFile = z.strictObject({
  $schema: z.string().optional(),
  system: NAME,
  service,
  identities: z
    .record(NAME, z.strictObject({ post: z.string(), json, token: pointer }))
    .default({}),
  upstreams: z.record(NAME, upstream),
  isolation: z.enum(['auto', 'instance']).default('auto'),
  secrets: z.array(z.string()).default([]),
});
