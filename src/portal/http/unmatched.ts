import type { RouterContext } from '@koa/router';
import { methodNotAllowed, notFound } from '../errors/http-error.ts';
import type { PortalContext } from './context.ts';

/**
 * Comes after every route: answers OPTIONS for a path that exists.
 * @throws {HttpError} 405 for another method on such a path, 404 for any other path
 */
export function unmatched(ctx: PortalContext): void {
  const { matched = [] } = ctx as Partial<RouterContext>;
  const methods = new Set(matched.flatMap((layer) => layer.methods));
  if (methods.size === 0) throw notFound('There is nothing at this address.');
  const allowed = [...methods, 'OPTIONS'].sort();
  if (ctx.method !== 'OPTIONS') throw methodNotAllowed(allowed);
  ctx.set('Allow', allowed.join(', '));
  ctx.status = 204;
}
