import type { Context } from 'koa';
import { adopt } from './adopt.ts';
import { InternalServerError } from './classes.ts';
import type { HttpError } from './http-error.ts';
import type { ErrorHandler, ErrorRegistry } from './registry.ts';

/** What is left to send where no handler has answered, and what was thrown last. */
export interface Unanswered {
  readonly error: HttpError;
  readonly last: unknown;
}

/**
 * Lets the registry's handlers answer what was thrown: the nearest one, and where that throws in its turn, the nearest one of what it threw.
 * Undefined once one has answered.
 */
export async function runHandlers(
  registry: ErrorRegistry,
  thrown: unknown,
  ctx: Context,
): Promise<Unanswered | undefined> {
  let last = thrown;
  const passed = new Set<ErrorHandler>();
  for (let again = 0; again <= MOST_AGAIN; again++) {
    const error = adopt(last);
    // What Koa throws is known by its own class, and by the class that its status has here.
    const own = registry.find(last, passed);
    const handler = own ?? registry.find(error, passed);
    if (!handler) return { error: error ?? generic(last), last };
    try {
      await run(handler, (own ? last : error) as Error, ctx);
      return undefined;
    } catch (next) {
      if (next === last || next === error) passed.add(handler);
      else passed.clear();
      if (next !== error) last = next;
    }
  }
  // Handlers that throw at each other would go on for ever.
  return { error: generic(last), last };
}

async function run(handler: ErrorHandler, error: Error, ctx: Context): Promise<void> {
  const { status, body } = ctx;
  const isPrepared = status !== 404 || (body ?? null) !== null;
  // Koa makes it 200 where a body is set and no status has been: for an error that would be a lie.
  ctx.status = status;
  const isStatusSet = watchStatus(ctx);
  await handler(error, ctx);
  if (!isStatusSet() && (ctx.body !== body || !isPrepared)) ctx.status = 500;
  if (ctx.status >= 400) ctx.set('Cache-Control', 'no-store');
}

/** Tells whether a status has been set since, be it the one there was. */
function watchStatus({ response }: Context): () => boolean {
  let isSet = false;
  const koa = Object.getPrototypeOf(response) as object;
  Object.defineProperty(response, 'status', {
    configurable: true,
    get: () => Reflect.get(koa, 'status', response) as number,
    set(code: number) {
      isSet = true;
      Reflect.set(koa, 'status', code, response);
    },
  });
  return () => isSet;
}

function generic(cause: unknown): HttpError {
  return new InternalServerError(undefined, { cause });
}

/** How often a handler is looked for again after the first one. */
const MOST_AGAIN = 5;
