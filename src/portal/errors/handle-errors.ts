import { format as formatText } from 'node:util';
import type { Context, Middleware, Next } from 'koa';
import { httpError } from './factory.ts';
import type { HttpError } from './http-error.ts';
import { negotiator } from './negotiate.ts';
import { dropPrepared } from './prepared.ts';
import { createErrorRegistry, type ErrorRegistry } from './registry.ts';
import { factsOf, type ErrorFacts, type Renderer } from './renderer.ts';
import { RENDERERS, type ErrorFormat } from './renderers/index.ts';
import { runHandlers } from './run-handlers.ts';

export interface ErrorHandling {
  /** Who answers errors that are none of HTTP, or answers some in a way of its own. */
  readonly registry?: ErrorRegistry;
  /** What a client gets that accepts anything; `problem` unless told otherwise. */
  readonly format?: ErrorFormat | Renderer;
  /** The status of a 400 that says what is wrong place by place; 400 unless told otherwise. */
  readonly validationStatus?: 400 | 422;
  /** Further headers that an error keeps of those that handlers had set, in lower case. */
  readonly keepHeaders?: readonly string[];
}

/**
 * The one way out for errors, to be mounted before everything whose errors it is to answer. Answers each in the form that the client accepts,
 * and what is no error of HTTP as a 500 that tells nothing. A status from 400 on that comes without a body gets one too.
 *
 * The HttpError that is answered stands in `ctx.state.error`. What ends as a 5xx that no handler has answered goes to the app's `error` event
 * as it was thrown, once. The id of the request is taken from `ctx.state.requestId`, if there is one.
 */
export function handleErrors(options: ErrorHandling = {}): Middleware {
  const { registry = createErrorRegistry(), format = 'problem' } = options;
  const { validationStatus = 400, keepHeaders = [] } = options;
  const rendererFor = negotiator(typeof format === 'string' ? RENDERERS[format] : format);

  return async (ctx: Context, next: Next): Promise<void> => {
    try {
      await next();
      if (isBareError(ctx)) throw errorOfStatus(ctx);
    } catch (thrown) {
      if (ctx.headerSent) cut(ctx, thrown);
      else await settle(ctx, thrown);
    }
  };

  async function settle(ctx: Context, thrown: unknown): Promise<void> {
    // What answers by hand, and failed before it did, leaves the answer to Koa.
    ctx.respond = true;
    const unanswered = await runHandlers(registry, thrown, ctx);
    if (!unanswered) {
      if (isBareError(ctx)) answer(ctx, errorOfStatus(ctx));
      return;
    }
    const { error, last } = unanswered;
    answer(ctx, error);
    if (error.status < 500) return;
    report(ctx, last);
    if (!isCauseOf(thrown, last)) report(ctx, thrown);
  }

  function answer(ctx: Context, error: HttpError): void {
    ctx.state['error'] = error;
    const status = error.isInvalid ? validationStatus : error.status;
    const requestId: unknown = ctx.state['requestId'];
    const id = typeof requestId === 'string' ? requestId : undefined;
    try {
      send(ctx, rendererFor(ctx), factsOf(error, status, id), error.headers);
    } catch (failure) {
      // Its detail is no JSON, or a header of it no header: its status still says something.
      send(ctx, RENDERERS.text, factsOf(httpError(status), status), {});
      report(ctx, failure);
    }
  }

  function send(
    ctx: Context,
    renderer: Renderer,
    facts: ErrorFacts,
    headers: HttpError['headers'],
  ): void {
    dropPrepared(ctx, keepHeaders);
    ctx.set({
      ...headers,
      'Content-Type': renderer.type,
      // What repeats a client's words must not be taken for another type than it is.
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    });
    ctx.vary('Accept');
    ctx.status = facts.status;
    ctx.body = renderer.render(facts);
  }
}

function isBareError(ctx: Context): boolean {
  return ctx.status >= 400 && (ctx.body ?? null) === null && ctx.respond !== false;
}

/** What a handler said by a status alone; the headers that belong to such a status stay. */
function errorOfStatus(ctx: Context): HttpError {
  const headers: Record<string, string> = {};
  for (const name of ['Allow', 'WWW-Authenticate', 'Retry-After']) {
    const value = ctx.response.get(name);
    if (value) headers[name] = value;
  }
  return httpError(ctx.status, undefined, { headers });
}

/** The client has the head of a success already: all that can still tell it of the failure is a connection that ends too early. */
function cut(ctx: Context, thrown: unknown): void {
  if (!ctx.res.writableEnded) ctx.res.destroy();
  report(ctx, thrown);
}

function report(ctx: Context, thrown: unknown): void {
  const error =
    thrown instanceof Error
      ? thrown
      : new Error(formatText('not an error was thrown: %j', thrown), { cause: thrown });
  ctx.app.emit('error', error, ctx);
}

function isCauseOf(cause: unknown, error: unknown): boolean {
  const seen = new Set<unknown>();
  let at = error;
  // Errors can be the cause of each other.
  while (at !== cause && at instanceof Error && !seen.has(at)) {
    seen.add(at);
    at = at.cause;
  }
  return at === cause;
}
