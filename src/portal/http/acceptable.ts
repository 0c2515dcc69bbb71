import type { Next } from 'koa';
import { NotAcceptable } from '../errors/classes.ts';
import type { PortalContext } from './context.ts';

/**
 * Looks at what a read is answered with: other requests have done their work by then, and are answered in the form there is.
 * @throws {HttpError} 406 where the client accepts no such form
 */
export async function acceptable(ctx: PortalContext, next: Next): Promise<void> {
  await next();
  const accept = ctx.get('accept');
  if (accept === '' || accept.includes('*/*') || !ctx.body || ctx.status >= 300) return;
  if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return;
  if (!ctx.accepts(ctx.type)) throw new NotAcceptable(`This comes as ${ctx.type} only.`);
}
