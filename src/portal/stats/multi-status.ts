import { BadGateway } from '../errors/classes.ts';
import type { PortalContext } from '../http/context.ts';
import { readPreferences } from '../http/prefer.ts';
import type { FailureReason } from '../upstream/failure.ts';
import { failedParts, retryAfter, type Parts, type RetryAdvice } from './degraded.ts';
import type { FailedPart } from './part.ts';
import type { CallName } from './stats.ts';

/** What an answer with 207 adds to its body. */
export interface PartialMeta {
  readonly errors: readonly { readonly service: CallName; readonly errorDetails: string }[];
}

/**
 * Tells by the status what an answer lacks, where its client asks for that by `Prefer: partial=multi-status`: 207 and what to add to the
 * body when it lacks a part. Nothing otherwise.
 * @throws {HttpError} 502 when it lacks all of them, and not even stale data are there
 */
export function multiStatus(
  ctx: PortalContext,
  parts: Parts,
  advice: RetryAdvice,
): PartialMeta | undefined {
  ctx.vary('Prefer');
  const header = ctx.get('prefer');
  if (header === '' || !isPreferred(header)) return undefined;
  ctx.set('Preference-Applied', PREFERENCE);
  const failed = failedParts(parts);
  if (failed.length === 0) return undefined;
  if (failed.length === Object.keys(parts).length && !failed.some(([, part]) => part.stale)) {
    throw new BadGateway('No part of this is available now.', {
      code: 'all_parts_failed',
      headers: { 'Preference-Applied': PREFERENCE, 'Cache-Control': 'no-store' },
      problems: failed.map(([call, part]) => ({ path: [call], message: sentence(call, part) })),
      retryAfterMs: retryAfter(failed, advice),
    });
  }
  ctx.status = 207;
  return {
    errors: failed.map(([call, part]) => ({ service: call, errorDetails: sentence(call, part) })),
  };
}

function isPreferred(header: string): boolean {
  return readPreferences(header).get('partial')?.toLowerCase() === 'multi-status';
}

function sentence(call: CallName, { reason, stale, age }: FailedPart): string {
  const old = stale ? ` What is shown is ${age} seconds old.` : '';
  return `${NAMES[call]} not available: ${REASONS[reason]}.${old}`;
}

const PREFERENCE = 'partial=multi-status';

const NAMES: Readonly<Record<CallName, string>> = {
  leaderboard: 'The leaderboard is',
  'player-stats': "The player's stats are",
};

const REASONS: Readonly<Record<FailureReason, string>> = {
  timeout: 'the stats service did not answer in time',
  unreachable: 'the stats service could not be reached',
  bad_status: 'the stats service answered with an error',
  invalid_response: 'the stats service sent what cannot be read',
  circuit_open: 'the stats service failed too often and is given a rest',
  rate_limited: 'the stats service is asked too often',
  forced: 'the stats service is switched off',
};
