import type { PortalContext } from '../http/context.ts';
import type { Part } from './part.ts';

/**
 * Marks an answer that lacks a part: no cache may keep it, and where asking again may help, it says after what time.
 * Gives whether a part is lacking.
 */
export function markDegraded(
  ctx: PortalContext,
  parts: readonly Part<unknown>[],
  retryAfterMs: number,
): boolean {
  const degraded = parts.some((part) => part.error);
  if (degraded) {
    ctx.set('Cache-Control', 'no-store');
  }
  if (parts.some((part) => part.error && part.retryable)) {
    ctx.set('Retry-After', String(Math.max(1, Math.ceil(retryAfterMs / 1000))));
  }
  return degraded;
}
