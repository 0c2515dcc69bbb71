import { STATUS_CODES } from 'node:http';
import type { Next } from 'koa';
import type { PortalContext } from '../http/context.ts';
import { InternalServerError } from './classes.ts';
import { HttpError } from './http-error.ts';

/**
 * The one way out for errors: answers with `application/problem+json` (RFC 9457). What is not an HttpError becomes a
 * 500 that tells the client nothing; the original goes to the app's `error` event, once.
 */
export async function respondToErrors(ctx: PortalContext, next: Next): Promise<void> {
  try {
    await next();
  } catch (thrown) {
    const error = thrown instanceof HttpError ? thrown : new InternalServerError();
    ctx.state.error = error;
    if (error.status >= 500) ctx.app.emit('error', thrown, ctx);
    answer(ctx, error);
  }
}

function answer(ctx: PortalContext, error: HttpError): void {
  // What the handler had prepared (a type, an ETag, a cache lifetime) was meant for a success.
  for (const name of Object.keys(ctx.response.headers)) {
    if (!KEPT.test(name)) ctx.remove(name);
  }
  ctx.set({ ...error.headers, 'Content-Type': 'application/problem+json' });
  ctx.status = error.status;
  ctx.body = {
    title: STATUS_CODES[error.status] ?? 'Error',
    status: error.status,
    detail: error.message,
    code: error.code,
    request_id: ctx.state.requestId,
    ...(error.problems.length > 0 && { errors: error.problems.map(describe) }),
  } satisfies Record<string, unknown>;
}

function describe({ path, message }: HttpError['problems'][number]): object {
  return { pointer: path.map((key) => `/${key}`).join(''), detail: message };
}

const KEPT = /^(x-request-id|vary|access-control-.*)$/i;
