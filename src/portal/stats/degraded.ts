import { retryAfterSeconds } from '../errors/retry-after.ts';
import type { PortalContext } from '../http/context.ts';
import type { FailedPart, Part } from './part.ts';
import type { CallName } from './stats.ts';

/** The parts of an answer that come from the stats service, by call. */
export type Parts = Readonly<Partial<Record<CallName, Part<unknown>>>>;

/** When a client should ask again for what failed, in milliseconds. */
export interface RetryAdvice {
  /** Where the service has not said so. */
  readonly otherwiseMs: number;
  /** However long the service wants to be left alone: after that the portal itself asks again. */
  readonly mostMs: number;
}

/**
 * Tells caches and clients what an answer of these parts is worth. One that lacks a part may be kept by nobody, and where
 * asking again may help it says after what time; a whole one may be kept by its client alone, which must ask before using it.
 * Gives whether a part is lacking.
 */
export function markDegraded(ctx: PortalContext, parts: Parts, advice: RetryAdvice): boolean {
  const failed = failedParts(parts);
  if (failed.length === 0) {
    ctx.set('Cache-Control', 'private, no-cache');
    return false;
  }
  ctx.state.degraded = failed.map(([call]) => call);
  ctx.set('Cache-Control', 'no-store');
  const retryMs = retryAfter(failed, advice);
  if (retryMs !== undefined) ctx.set('Retry-After', retryAfterSeconds(retryMs));
  return true;
}

export function failedParts(parts: Parts): readonly (readonly [CallName, FailedPart])[] {
  const failed: (readonly [CallName, FailedPart])[] = [];
  for (const call of CALLS) {
    const part = parts[call];
    if (part?.error) failed.push([call, part]);
  }
  return failed;
}

/** Milliseconds until the first of them may be back; undefined where asking again does not help. */
export function retryAfter(
  failed: ReturnType<typeof failedParts>,
  { otherwiseMs, mostMs }: RetryAdvice,
): number | undefined {
  const waits = failed.flatMap(([, { retryable, reason, retryAfterMs }]) => {
    if (!retryable) return [];
    if (retryAfterMs === undefined) return otherwiseMs;
    // Until when the breaker is open is our own word, and holds.
    return reason === 'circuit_open' ? retryAfterMs : Math.min(retryAfterMs, mostMs);
  });
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

const CALLS: readonly CallName[] = ['leaderboard', 'player-stats'];
