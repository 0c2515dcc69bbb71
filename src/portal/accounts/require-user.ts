import type { Next } from 'koa';
import type { PortalContext } from '../http/context.ts';
import { unauthorized } from './unauthorized.ts';

/**
 * Comes after `authenticate` where an anonymous caller may not pass.
 * @throws {HttpError} 401
 */
export async function requireUser(ctx: PortalContext, next: Next): Promise<void> {
  userOf(ctx);
  await next();
}

/**
 * Who calls, behind `requireUser`.
 * @throws {HttpError} 401 where nobody said who they are
 */
export function userOf({ state: { user } }: PortalContext) {
  if (!user) throw unauthorized('Missing Authorization header');
  return user;
}
