import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { parseDuration } from '../../common/duration.ts';
import { InvalidError, messageOf } from '../../common/errors.ts';
import { parsedBy, validate } from '../../common/validate.ts';
import { checkTtl } from '../arm.ts';
import type { Metrics } from '../metrics.ts';
import type { Proxy } from '../proxy.ts';
import { ControlError } from './control-error.ts';
import { describeCatalogue, describeUpstreams } from '../describe.ts';
import type { EventStreams } from './event-stream.ts';
import { readJson, refuseBody } from './json-body.ts';

/** What `GET /v1` says of the program besides its upstreams. */
export interface About {
  readonly version?: string | undefined;
  readonly seed?: string | undefined;
  /** The system that runs, by name. */
  readonly system?: string | undefined;
  /** Its file, as an absolute path. */
  readonly file?: string | undefined;
  /** Where it is asked from outside: the front door before its service. */
  readonly page?: string | undefined;
  /** The service itself. */
  readonly service?: string | undefined;
  /** What requests may name: who they are made as, the contracts they are judged by, and what breaks them. */
  readonly identities?: readonly string[] | undefined;
  readonly contracts?: readonly string[] | undefined;
  readonly presets?: readonly string[] | undefined;
}

/** The native routes, over a proxy's `FaultControl`. */
export function createRoutes(proxy: Proxy, about: About, streams: EventStreams): Router {
  const { control } = proxy;
  const router = new Router();
  let metrics: Metrics | undefined;

  router.get('/v1', (ctx) => {
    asked(ctx, NOTHING);
    ctx.body = { ...about, plans: proxy.plans, upstreams: describeUpstreams(proxy) };
  });
  router.get('/v1/faults', (ctx) => {
    asked(ctx, NOTHING);
    ctx.body = describeCatalogue();
  });

  router.get('/v1/rules', async (ctx) => {
    ctx.body = { rules: await control.rules(asked(ctx, RUN).run) };
  });
  router.post('/v1/rules', async (ctx) => {
    const { rules, run } = validate(ADD, await sent(ctx));
    const added = await control.add(rules, run).catch(below('rules'));
    ctx.status = 201;
    ctx.body = { rules: added };
  });
  router.delete('/v1/rules', async (ctx) => {
    ctx.body = { removed: await control.clear(asked(ctx, RUN).run) };
  });

  router.get('/v1/rules/:id', async (ctx) => {
    asked(ctx, NOTHING);
    ctx.body = await ruleOf(idIn(ctx));
  });
  router.put('/v1/rules/:id', async (ctx) => {
    const id = idIn(ctx);
    const standing = await ruleOf(id);
    const replaced = await control.replace(id, withoutNames(await sent(ctx), standing));
    ctx.body = replaced ?? noRule(id);
  });
  router.delete('/v1/rules/:id', async (ctx) => {
    asked(ctx, NOTHING);
    const id = idIn(ctx);
    if (!(await control.remove(id))) noRule(id);
    ctx.status = 204;
  });

  router.post('/v1/arm', async (ctx) => {
    const { rule, ttl, run } = validate(ARM, await sent(ctx));
    const armed = await control.arm(rule, { run, ttlMs: ttl }).catch(below('rule'));
    ctx.status = 201;
    ctx.body = armed;
  });
  router.get('/v1/events', (ctx) => {
    const query = asked(ctx, RUN);
    streams.answer(ctx, (signal) => control.events(signal, query));
  });

  router.get('/metrics', async (ctx) => {
    asked(ctx, NOTHING);
    // Loaded when somebody asks: it takes longer than all else that a proxy starts with.
    metrics ??= (await import('../metrics.ts')).createMetrics(proxy);
    ctx.type = metrics.contentType;
    ctx.body = await metrics.text();
  });

  router.get('/v1/journal', async (ctx) => {
    ctx.body = await control.journal({ limit: PAGE, ...asked(ctx, JOURNAL) });
  });
  router.delete('/v1/journal', async (ctx) => {
    await control.forget(asked(ctx, FORGET).run);
    ctx.status = 204;
  });
  return router;

  async function ruleOf(id: string) {
    return (await control.rules()).find((rule) => rule.id === id) ?? noRule(id);
  }
}

function idIn(ctx: { params: Record<string, string> }): string {
  return ctx.params['id'] ?? '';
}

function noRule(id: string): never {
  throw new ControlError(404, `there is no rule "${id}"`);
}

/** The query of a request that has no body. */
function asked<T>(ctx: Context, query: z.ZodType<T>): T {
  refuseBody(ctx);
  return validate(query, { ...ctx.query });
}

/** The body of a request that has no query. */
function sent(ctx: Context): Promise<unknown> {
  validate(NOTHING, { ...ctx.query });
  return readJson(ctx);
}

function parseTtl(value: unknown): number {
  try {
    return checkTtl(parseDuration(value));
  } catch (error) {
    throw new InvalidError([{ path: [], message: messageOf(error) }]);
  }
}

/** A rule may be sent back as it was given: with the id and the run that it has anyway. */
function withoutNames(sent: unknown, standing: { id: string; run?: string }): unknown {
  if (typeof sent !== 'object' || sent === null || Array.isArray(sent)) return sent;
  const own: Readonly<Record<string, unknown>> = { id: standing.id, run: standing.run };
  return Object.fromEntries(
    Object.entries(sent).filter(([key, value]) => !Object.hasOwn(own, key) || own[key] !== value),
  );
}

/** Puts the paths of an InvalidError below a key. */
function below(key: string): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof InvalidError)) throw error;
    throw new InvalidError(error.problems.map((p) => ({ ...p, path: [key, ...p.path] })));
  };
}

function whole(message: string): z.ZodType<number> {
  return z
    .string()
    .regex(/^\d{1,15}$/, message)
    .transform(Number);
}

const NAME = z.string().min(1, 'expected a name, got an empty text');
const NOTHING = z.strictObject({});
const ADD = z.strictObject({
  run: NAME.optional(),
  rules: z.array(z.unknown()).max(5000, 'at most 5,000 rules in one request: send them in parts'),
});
const ARM = z.strictObject({
  run: NAME.optional(),
  rule: z.unknown().optional(),
  ttl: parsedBy(parseTtl).optional(),
});
// An empty run is refused, not read as none: an unset variable in a shell must not lift every rule.
const RUN = z.strictObject({ run: NAME.optional() });
const FORGET = z.strictObject({ run: NAME });
const PAGE = 1000;
const JOURNAL = z.strictObject({
  run: NAME.optional(),
  call: NAME.optional(),
  upstream: NAME.optional(),
  since: whole('expected an earlier next, a whole number').optional(),
  limit: whole('expected a whole number from 1 to 10000')
    .refine((limit) => limit >= 1 && limit <= 10_000, 'expected a whole number from 1 to 10000')
    .optional(),
});
