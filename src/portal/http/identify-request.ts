import type { Next } from 'koa';
import { readTrace, type RandomHex } from '../upstream/trace.ts';
import type { PortalContext } from './context.ts';

/** Gives each request an id and a trace: those it came with, or new ones. The id is in every answer as X-Request-Id. */
export function identifyRequest(randomHex: RandomHex) {
  return async (ctx: PortalContext, next: Next): Promise<void> => {
    const given = ctx.get('x-request-id');
    // It goes into logs and on to other services: only what cannot do harm there.
    ctx.state.requestId = /^[\w.:-]{1,128}$/.test(given) ? given : randomHex(16);
    ctx.state.trace = readTrace(ctx.req.headers, randomHex);
    ctx.set('X-Request-Id', ctx.state.requestId);
    await next();
  };
}
