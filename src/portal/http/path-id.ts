import type { RouterContext } from '@koa/router';
import { BadRequest } from '../errors/classes.ts';
import type { PortalContext } from './context.ts';

/**
 * The id in a route's path, percent-decoded once.
 * @throws {HttpError} 400 `invalid_path` when the path's encoding is broken
 */
export function pathId(ctx: PortalContext, name: string): string {
  try {
    // The router hands on undecoded what it cannot decode: `%zz` would then be taken for `%25zz`.
    decodeURIComponent(ctx.path);
  } catch (error) {
    throw new BadRequest('The path is not percent-encoded UTF-8.', {
      code: 'invalid_path',
      cause: error,
    });
  }
  return (ctx as unknown as RouterContext).params[name] ?? '';
}
