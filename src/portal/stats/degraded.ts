import type { PortalContext } from '../http/context.ts';
import type { FailedPart, Part } from './part.ts';

/** The calls to the stats service, as clients and operators know them. */
export type CallName = 'leaderboard' | 'player-stats';

/** The parts of an answer that come from the stats service, by call. */
export type Parts = Readonly<Partial<Record<CallName, Part<unknown>>>>;

/**
 * Tells caches and clients what an answer of these parts is worth. One that lacks a part may be kept by nobody, and where
 * asking again may help it says after what time; a whole one may be kept by its client alone, which must ask before using it.
 * Gives whether a part is lacking.
 * @param retryAfterMs when to ask again where the service has not said so
 */
export function markDegraded(ctx: PortalContext, parts: Parts, retryAfterMs: number): boolean {
  const failed = failedParts(parts);
  if (failed.length === 0) {
    ctx.set('Cache-Control', 'private, no-cache');
    return false;
  }
  ctx.state.degraded = failed.map(([call]) => call);
  ctx.set('Cache-Control', 'no-store');
  const retryMs = retryAdvice(failed, retryAfterMs);
  if (retryMs !== undefined) ctx.set('Retry-After', String(Math.max(1, Math.ceil(retryMs / 1000))));
  return true;
}

export function failedParts(parts: Parts): readonly (readonly [CallName, FailedPart])[] {
  return CALLS.flatMap((call) => {
    const part = parts[call];
    return part?.error ? [[call, part] as const] : [];
  });
}

/** Milliseconds until the first of them may be back; undefined where asking again does not help. */
export function retryAdvice(
  failed: ReturnType<typeof failedParts>,
  otherwiseMs: number,
): number | undefined {
  const waits = failed.flatMap(([, part]) =>
    part.retryable ? (part.retryAfterMs ?? otherwiseMs) : [],
  );
  return waits.length > 0 ? Math.min(...waits) : undefined;
}

const CALLS: readonly CallName[] = ['leaderboard', 'player-stats'];
