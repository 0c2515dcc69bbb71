import { z } from 'zod';
import { InvalidError } from '../../common/errors.ts';
import { parseListen } from '../../common/listen-address.ts';
import { parsedBy } from '../../common/validate.ts';
import { parseMatch } from '../../proxy/catalogue.ts';
import type { UpstreamSpec } from '../../system/spec.ts';
import { NAME } from './common.ts';

const BUILTIN_TARGET = z.string().regex(/^builtin [a-z-]+$/);
const HTTP_TARGET = /^https?:\/\/[^/]+$/;
/** `127.0.0.1:5432`, or `tls://db.example.com:5432` where TLS is spoken. */
const TCP_TARGET = /^(tls:\/\/)?(\[[^\]/]+\]|[^\s:/@[\]]+):\d+$/;
/** What it is is known when the environment is: until then every text will do. */
const OF_ENVIRONMENT = /\$\{env\.\w+\}/;
const NOT_HTTP =
  'expected an address such as http://127.0.0.1:5000; host:port is for protocol: tcp';
const NOT_LISTEN = 'expected host:port such as 127.0.0.1:5001, or a port from 0 to 65535';
const NOT_TARGET =
  'expected "builtin stats", a mock such as ./mock.yaml, or the address of the real thing, such as http://127.0.0.1:5000';
const MOCK_TARGET = /^\.{0,2}\/.*\.(ya?ml|json)$/;
const NOT_MOCKED = 'a mock speaks http: leave protocol out, or say host:port of the real thing';
const NOT_TCP = 'with protocol: tcp, expected host:port, or tls://host:port where it speaks TLS';

const call = parsedBy((value) => {
  if (typeof value !== 'string') {
    throw new InvalidError([
      { path: [], message: `expected "GET /path/:name", got ${JSON.stringify(value)}` },
    ]);
  }
  parseMatch(value);
  const braces = /\/\{(\w+)\}(?=\/|$)/.exec(value);
  if (braces) {
    const message = `expected a name in a path such as /:${braces[1]}, got ${braces[0]}: braces hold what may be left out`;
    throw new InvalidError([{ path: [], message }]);
  }
  return value;
}).meta({ type: 'string', pattern: '^([A-Z]+|\\*) /', description: 'GET /stats/:product/:user' });

/** What is said of an upstream, wherever it is said. */
const SHAPE = {
  protocol: z
    .enum(['http', 'tcp'])
    .default('http')
    .describe('what is spoken: http, or tcp for anything else, of which only the bytes are known'),
  target: z
    .union([BUILTIN_TARGET, z.string().regex(HTTP_TARGET), z.string().regex(TCP_TARGET)], {
      error: NOT_TARGET,
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
};

const LISTEN = z
  .union([z.string(), z.int()])
  .transform((written, context) => {
    const address = parseListen(String(written));
    if (address) return address;
    context.addIssue({ code: 'custom', message: NOT_LISTEN });
    return z.NEVER;
  })
  .optional()
  .describe('where it is reached: host:port, or a port of 127.0.0.1; a free one unless said');

/** An upstream of a `system.yaml`. */
export const upstream = z
  .strictObject({
    ...SHAPE,
    target: z
      .union(
        [...SHAPE.target.options, z.string().regex(MOCK_TARGET), z.string().regex(OF_ENVIRONMENT)],
        { error: NOT_TARGET },
      )
      .describe(
        'builtin stats, a mock’s file such as ./mock.yaml, or the address of the real thing: http://host:port; of tcp, host:port; may hold ${env.NAME}',
      ),
    listen: LISTEN,
  })
  .superRefine(checkTogether)
  .transform(({ protocol, target, tls, host, calls, listen }): WrittenUpstream => ({
    protocol,
    target: targetOf(target),
    ...(listen ? { listen } : {}),
    tls,
    ownHost: host === 'target',
    calls,
  }));

/** An upstream of a file for `brownout proxy`: the same before what runs already, and where it is reached. */
export const listeningUpstream = z
  .strictObject({
    ...SHAPE,
    target: z
      .union([z.string().regex(HTTP_TARGET), z.string().regex(TCP_TARGET)], {
        error: ({ input }) =>
          BUILTIN_TARGET.safeParse(input).success
            ? 'what comes with brownout runs beside it: start it by "brownout mock --port 5000", and say http://127.0.0.1:5000 here'
            : 'expected the address of the real thing, such as http://127.0.0.1:5000',
      })
      .describe('the address of the real thing: http://host:port; of tcp, host:port'),
    listen: LISTEN,
  })
  .superRefine(checkTogether);

/** An upstream as it was written: a mock is a file still. */
export type WrittenUpstream = Omit<UpstreamSpec, 'target'> & {
  readonly target:
    Exclude<UpstreamSpec['target'], { readonly mock: unknown }> | { readonly file: string };
};

function targetOf(target: string): WrittenUpstream['target'] {
  if (target.startsWith('builtin ')) return { builtin: target.slice('builtin '.length) };
  return MOCK_TARGET.test(target) ? { file: target } : { url: target };
}

interface Together {
  readonly protocol: 'http' | 'tcp';
  readonly target: string;
  readonly host?: 'target' | undefined;
  readonly calls: Readonly<Record<string, string>>;
}

function checkTogether({ protocol, target, host, calls }: Together, context: z.RefinementCtx) {
  const report = (key: string, message: string) =>
    context.addIssue({ code: 'custom', path: [key], message });
  const tcp = protocol === 'tcp';
  const mock = MOCK_TARGET.test(target);
  if (mock && tcp) report('target', NOT_MOCKED);
  const isAddress =
    !mock && !BUILTIN_TARGET.safeParse(target).success && !OF_ENVIRONMENT.test(target);
  if (isAddress && TCP_TARGET.test(target) !== tcp) report('target', tcp ? NOT_TCP : NOT_HTTP);
  if (tcp && host !== undefined) report('host', 'with protocol: tcp there is no Host to send');
  if (tcp && Object.keys(calls).length > 0)
    report('calls', 'with protocol: tcp there are no calls: rules take the whole upstream');
}

/** Whether what it is can be told only when the environment is known. */
export function isOfEnvironment(text: string): boolean {
  return OF_ENVIRONMENT.test(text);
}
