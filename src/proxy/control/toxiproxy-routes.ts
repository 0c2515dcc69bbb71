import { randomBytes } from 'node:crypto';
import type { Context, Middleware } from 'koa';
import { InvalidError, messageOf } from '../../common/errors.ts';
import type { Proxy } from '../proxy.ts';
import { createToxiproxy, type Toxiproxy } from '../toxiproxy/toxiproxy.ts';
import { badBody, badBodyOf, ToxiproxyError } from '../toxiproxy/toxiproxy-error.ts';
import { ControlError } from './control-error.ts';
import { parseJson, readUtf8 } from './json-body.ts';

/**
 * The routes that Toxiproxy has, over a proxy, so that its clients in any language and its command line drive it. They answer
 * as its server does, to the header; all other paths are left to who comes next.
 */
export function toxiproxyRoutes(proxy: Proxy): Middleware {
  const toxiproxy = createToxiproxy(proxy);
  return async (ctx, next) => {
    const [first = '', ...rest] = ctx.path.slice(1).split('/');
    if (!ROOTS.has(first)) return next();
    ctx.set('x-toxiproxy-request-id', randomBytes(10).toString('hex'));
    if (ctx.get('user-agent').startsWith('Mozilla/')) return plain(ctx, 403, NO_BROWSERS);
    const route = ROUTES.find(({ path }) => fits(path, [first, ...rest]));
    if (!route) return plain(ctx, 404, '404 page not found');
    const handle = route.methods[ctx.method];
    if (!handle) return notAllowed(ctx, Object.keys(route.methods));
    try {
      await handle({ ctx, toxiproxy, names: namesIn(rest) });
    } catch (error) {
      if (error instanceof ControlError) ctx.set(error.headers);
      const { status, message } = refusal(error);
      if (first === 'populate') json(ctx, status, { error: message, status, proxies: null });
      else plain(ctx, status, JSON.stringify({ error: message, status }));
    }
  };
}

interface Asked {
  readonly ctx: Context;
  readonly toxiproxy: Toxiproxy;
  /** Of the proxy, and of the toxic. */
  readonly names: readonly [string, string];
}
type Handle = (asked: Asked) => Promise<void>;
interface Route {
  readonly path: string;
  readonly methods: Readonly<Record<string, Handle>>;
}

const updateProxy: Handle = async ({ ctx, toxiproxy, names: [proxy] }) =>
  json(ctx, 200, await toxiproxy.update(proxy, await bodyOf(ctx, toxiproxy.get(proxy))));
const updateToxic: Handle = async ({ ctx, toxiproxy, names: [proxy, toxic] }) =>
  json(
    ctx,
    200,
    await toxiproxy.updateToxic(proxy, toxic, await bodyOf(ctx, toxiproxy.toxic(proxy, toxic))),
  );

const ROUTES: readonly Route[] = [
  {
    path: 'proxies',
    methods: {
      async GET({ ctx, toxiproxy }) {
        const all = await toxiproxy.list();
        json(ctx, 200, Object.fromEntries(all.map((proxy) => [proxy.name, proxy])));
      },
      POST: async ({ ctx, toxiproxy }) => json(ctx, 201, await toxiproxy.create(await bodyOf(ctx))),
    },
  },
  {
    path: 'proxies/:proxy',
    methods: {
      GET: async ({ ctx, toxiproxy, names: [proxy] }) => json(ctx, 200, await toxiproxy.get(proxy)),
      PATCH: updateProxy,
      // As older clients update.
      POST: updateProxy,
      async DELETE({ ctx, toxiproxy, names: [proxy] }) {
        await toxiproxy.remove(proxy);
        ctx.status = 204;
      },
    },
  },
  {
    path: 'proxies/:proxy/toxics',
    methods: {
      GET: async ({ ctx, toxiproxy, names: [proxy] }) =>
        json(ctx, 200, await toxiproxy.toxics(proxy)),
      POST: async ({ ctx, toxiproxy, names: [proxy] }) =>
        json(ctx, 200, await toxiproxy.addToxic(proxy, await bodyOf(ctx, toxiproxy.get(proxy)))),
    },
  },
  {
    path: 'proxies/:proxy/toxics/:toxic',
    methods: {
      GET: async ({ ctx, toxiproxy, names: [proxy, toxic] }) =>
        json(ctx, 200, await toxiproxy.toxic(proxy, toxic)),
      PATCH: updateToxic,
      POST: updateToxic,
      async DELETE({ ctx, toxiproxy, names: [proxy, toxic] }) {
        await toxiproxy.removeToxic(proxy, toxic);
        ctx.status = 204;
      },
    },
  },
  {
    path: 'populate',
    methods: {
      async POST({ ctx, toxiproxy }) {
        const proxies = await toxiproxy.populate(await bodyOf(ctx));
        json(ctx, 201, { proxies: proxies.length > 0 ? proxies : null });
      },
    },
  },
  {
    path: 'reset',
    methods: {
      async POST({ ctx, toxiproxy }) {
        await toxiproxy.reset();
        ctx.status = 204;
      },
    },
  },
  {
    path: 'version',
    methods: {
      async GET({ ctx }) {
        ctx.status = 200;
        ctx.set('content-type', 'application/json;charset=utf-8');
        ctx.body = VERSION;
      },
    },
  },
];

function fits(path: string, parts: readonly string[]): boolean {
  const wanted = path.split('/');
  return (
    wanted.length === parts.length &&
    wanted.every((part, i) => (part.startsWith(':') ? parts[i] !== '' : part === parts[i]))
  );
}

function namesIn([proxy = '', , toxic = '']: readonly string[]): [string, string] {
  return [decoded(proxy), decoded(toxic)];
}

/** What cannot be decoded is no name that there is. */
function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/**
 * Whatever its type is said to be: not every client says one.
 * @param target what it is meant for: where that is not there, the body does not matter
 */
async function bodyOf(ctx: Context, target?: Promise<unknown>): Promise<unknown> {
  await target;
  const text = await readUtf8(ctx);
  if (text.trim() === '') throw badBody('EOF');
  return parseJson(text);
}

function refusal(error: unknown): { status: number; message: string } {
  if (error instanceof ToxiproxyError) return error;
  if (error instanceof InvalidError) return badBodyOf(error.problems);
  if (error instanceof ControlError)
    return { status: error.status, message: `bad request body: ${error.message}` };
  return { status: 500, message: messageOf(error) };
}

function json(ctx: Context, status: number, value: unknown): void {
  ctx.status = status;
  ctx.set('content-type', 'application/json');
  ctx.body = JSON.stringify(value);
}

function plain(ctx: Context, status: number, text: string): void {
  ctx.status = status;
  ctx.set('content-type', 'text/plain; charset=utf-8');
  ctx.set('x-content-type-options', 'nosniff');
  ctx.body = `${text}\n`;
}

function notAllowed(ctx: Context, methods: readonly string[]): void {
  ctx.status = 405;
  ctx.set('allow', methods.join(', '));
  ctx.body = '';
  ctx.remove('content-type');
}

const ROOTS: ReadonlySet<string> = new Set(['proxies', 'populate', 'reset', 'version']);
const NO_BROWSERS = 'User agent not allowed';
/** Clients read it, and choose how they ask by it. */
const VERSION = '{"version": "2.12.0"}\n';
