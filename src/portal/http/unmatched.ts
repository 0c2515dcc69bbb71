import type { RouterContext } from '@koa/router';
import { MethodNotAllowed, NotFound } from '../errors/classes.ts';
import type { PortalContext } from './context.ts';

/**
 * Comes after every route: answers OPTIONS for a path that exists.
 * @throws {HttpError} 405 for another method on such a path, 404 for any other path
 */
export function unmatched(ctx: PortalContext): void {
  const { matched = [] } = ctx as Partial<RouterContext>;
  const methods = new Set(matched.flatMap((layer) => layer.methods));
  if (methods.size === 0) throw new NotFound();
  const allowed = [...methods, 'OPTIONS'].sort();
  if (ctx.method !== 'OPTIONS') {
    throw new MethodNotAllowed(`This resource knows ${allowed.join(', ')}.`, { allow: allowed });
  }
  ctx.set('Allow', allowed.join(', '));
  ctx.status = 204;
}
