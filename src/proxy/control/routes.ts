import { Router } from '@koa/router';
import type { Context } from 'koa';
import { z } from 'zod';
import { InvalidError } from '../../common/errors.ts';
import { validate } from '../../common/validate.ts';
import type { Proxy } from '../proxy.ts';
import { ControlError } from './control-error.ts';
import { describeCatalogue, describeUpstreams } from '../describe.ts';
import { readJson } from './json-body.ts';

/** What `GET /v1` says of the program besides its upstreams. */
export interface About {
  readonly version?: string | undefined;
  readonly seed?: string | undefined;
}

/** The native routes, over a proxy's `FaultControl`. */
export function createRoutes(proxy: Proxy, about: About): Router {
  const { control } = proxy;
  const router = new Router();

  router.get('/v1', (ctx) => {
    ctx.body = { ...about, upstreams: describeUpstreams(proxy) };
  });
  router.get('/v1/faults', (ctx) => {
    ctx.body = describeCatalogue();
  });

  router.get('/v1/rules', async (ctx) => {
    ctx.body = { rules: await control.rules(queryOf(ctx, RUN).run) };
  });
  router.post('/v1/rules', async (ctx) => {
    const { rules, run } = validate(ADD, await readJson(ctx));
    const added = await control.add(rules, run).catch(below('rules'));
    ctx.status = 201;
    ctx.body = { rules: added };
  });
  router.delete('/v1/rules', async (ctx) => {
    ctx.body = { removed: await control.clear(queryOf(ctx, RUN).run) };
  });

  router.get('/v1/rules/:id', async (ctx) => {
    ctx.body = await ruleOf(idIn(ctx));
  });
  router.put('/v1/rules/:id', async (ctx) => {
    const id = idIn(ctx);
    const standing = await ruleOf(id);
    const replaced = await control.replace(id, withoutNames(await readJson(ctx), standing));
    ctx.body = replaced ?? noRule(id);
  });
  router.delete('/v1/rules/:id', async (ctx) => {
    const id = idIn(ctx);
    if (!(await control.remove(id))) noRule(id);
    ctx.status = 204;
  });

  router.get('/v1/journal', async (ctx) => {
    ctx.body = await control.journal(queryOf(ctx, JOURNAL));
  });
  router.delete('/v1/journal', async (ctx) => {
    await control.forget(queryOf(ctx, FORGET).run);
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

function queryOf<T>(ctx: Context, schema: z.ZodType<T>): T {
  return validate(schema, { ...ctx.query });
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

const NAME = z.string().min(1, 'expected a name, got an empty text');
const ADD = z.strictObject({ run: NAME.optional(), rules: z.array(z.unknown()) });
// An empty run is refused, not read as none: an unset variable in a shell must not lift every rule.
const RUN = z.strictObject({ run: NAME.optional() });
const FORGET = z.strictObject({ run: NAME });
const JOURNAL = z.strictObject({
  run: NAME.optional(),
  call: NAME.optional(),
  since: z
    .string()
    .regex(/^\d{1,15}$/, 'expected an earlier next, a whole number')
    .transform(Number)
    .optional(),
});
