import type { Next } from 'koa';
import { NotAcceptable } from '../errors/classes.ts';
import type { PortalContext } from './context.ts';

/**
 * For routes that speak JSON.
 * @throws {HttpError} 406 for who cannot read it
 */
export function acceptsJson(ctx: PortalContext, next: Next): Promise<unknown> {
  const accept = ctx.headers.accept;
  // Nearly everybody: to weigh all that they would prefer is left out for their sake.
  if (accept === undefined || accept === '*/*' || accept === 'application/json') return next();
  if (!ctx.accepts('application/json')) {
    throw new NotAcceptable('There is only application/json here.');
  }
  return next();
}
