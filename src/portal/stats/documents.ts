import { z } from 'zod';
import { CallFailure } from '../upstream/failure.ts';
import type { PlayerStats } from './stats.ts';

/** A board as the stats service sends it. `dropped` rows were not rows. */
export interface RawBoard {
  readonly rows: readonly { readonly user_id: string; readonly score: number }[];
  readonly dropped: number;
}

/**
 * The top ten out of a board's document. A bad row costs only itself.
 * @throws {CallFailure} `invalid_response` when it is no list, or a list of nothing but bad rows
 */
export function readBoard(document: unknown): RawBoard {
  if (!Array.isArray(document)) throw new CallFailure('invalid_response', 'not a list of rows');
  const rows = document.flatMap((item) => row.safeParse(item).data ?? []);
  if (rows.length === 0 && document.length > 0) {
    throw new CallFailure('invalid_response', 'no row has a user_id and a score');
  }
  // The original's top ten has eleven rows: its range includes both ends.
  return { rows: rows.slice(0, 10), dropped: document.length - rows.length };
}

/** @throws {CallFailure} `invalid_response` when it is not an object of strings */
export function readPlayerStats(document: unknown): PlayerStats {
  const { data } = playerStats.safeParse(document);
  if (data) return data;
  throw new CallFailure('invalid_response', 'not an object of strings');
}

const row = z.object({ user_id: z.string().min(1), score: z.number() });
const playerStats = z.record(z.string(), z.string());
