import { z } from 'zod';
import { CallFailure } from '../upstream/failure.ts';
import { driftOf } from './contract.ts';
import type { CallName, PlayerStats } from './stats.ts';

/** A board as the stats service sends it. `dropped` rows were not rows, and `drift` says why. */
export interface RawBoard {
  readonly rows: readonly { readonly user_id: string; readonly score: number }[];
  readonly dropped: number;
  readonly drift: string;
}

/**
 * The top ten out of a board's document. A bad row costs only itself.
 * @throws {CallFailure} `invalid_response` when it is no list, or a list of nothing but bad rows
 */
export function readBoard(document: unknown): RawBoard {
  if (!Array.isArray(document)) throw new CallFailure('invalid_response', 'not a list of rows');
  const rows: RawBoard['rows'][number][] = [];
  const bad: unknown[] = [];
  for (const item of document) {
    const { data } = boardRow.safeParse(item);
    if (data) rows.push(data);
    else bad.push(item);
    if (rows.length === MOST_ROWS) break;
  }
  const drift = bad.length === 0 ? '' : describeDrift('leaderboard', bad.slice(0, MOST_DESCRIBED));
  if (rows.length === 0 && bad.length > 0) {
    throw new CallFailure('invalid_response', `no row has a user_id and a score: ${drift}`);
  }
  return { rows, dropped: bad.length, drift };
}

/** @throws {CallFailure} `invalid_response` when it is not an object of strings */
export function readPlayerStats(document: unknown): PlayerStats {
  const { data } = playerStats.safeParse(document);
  if (data) return data;
  const drift = describeDrift('player-stats', document);
  throw new CallFailure('invalid_response', `not an object of strings: ${drift}`);
}

/** The first ways in which it is not as recorded, for the log. */
function describeDrift(call: CallName, document: unknown): string {
  const harmful = driftOf(call, document).filter(({ kind }) => kind !== 'unknown');
  return harmful
    .slice(0, MOST_DESCRIBED)
    .map(({ message }) => message)
    .join(', ');
}

export const boardRow = z.object({ user_id: z.string().min(1), score: z.number() });
const playerStats = z.record(z.string(), z.string());
// The service's own top ten has eleven rows: its range includes both ends.
export const MOST_ROWS = 10;
const MOST_DESCRIBED = 3;
