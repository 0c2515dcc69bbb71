import type { Next } from 'koa';
import { TooManyRequests } from '../errors/classes.ts';
import type { PortalContext } from './context.ts';
import type { Limiter } from './limiter.ts';

/**
 * Counts each request by its caller. Whether the portal is up can always be asked: who watches it must not take a crowd for an outage.
 * @throws {HttpError} 429 above the limit, with Retry-After
 */
export function limitRequests(limiter: Limiter) {
  return async (ctx: PortalContext, next: Next): Promise<void> => {
    if (!ctx.path.startsWith('/health')) refuseAbove(limiter, ctx);
    await next();
  };
}

/** @throws {HttpError} 429 where the caller has had its share, with Retry-After */
export function refuseAbove(limiter: Limiter, ctx: PortalContext): { giveBack(): void } {
  const caller = networkOf(ctx.ip);
  const retryAfterMs = limiter.take(caller);
  if (retryAfterMs > 0) {
    throw new TooManyRequests('Too many requests from your address.', { retryAfterMs });
  }
  return { giveBack: () => limiter.giveBack(caller) };
}

/** Whom an address stands for: with IPv6 one caller has a whole /64 network to choose from. */
export function networkOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/i, '').slice(0, 64);
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head === '' ? [] : head.split(':');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').length;
  const filled = [...groups, ...Array<string>(Math.max(0, missing)).fill('0')];
  return filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, '').toLowerCase())
    .join(':');
}
