import type { User } from '../accounts/accounts.ts';
import type { Origin } from '../upstream/service.ts';
import type { Part } from './part.ts';

/** The calls to the stats service, as clients and operators know them. */
export type CallName = 'leaderboard' | 'player-stats';

/** A row of a board, best first. */
export interface BoardRow {
  readonly user_id: string;
  readonly score: number;
  readonly username: string;
}

export type Board = readonly BoardRow[];

/** A player's counts for a game. They are strings, and clients rely on that: `"0"` is shown, `0` is not. */
export type PlayerStats = Readonly<Record<string, string>>;

/** Who asks, and within which request. */
export interface Caller extends Origin {
  readonly user?: User;
}

/** What the portal asks the stats service. */
export interface Stats {
  leaderboard(product: string, caller: Caller): Promise<Part<Board>>;
  playerStats(product: string, caller: Caller): Promise<Part<PlayerStats>>;
  /** All that the page of a game shows. */
  openGame(product: string, caller: Caller): Promise<GameParts>;
}

export interface GameParts {
  readonly leaderboard: Part<Board>;
  readonly playerStats: Part<PlayerStats>;
}

/** Neither part waits for the other. */
export async function bothAtOnce(
  stats: Pick<Stats, 'leaderboard' | 'playerStats'>,
  product: string,
  caller: Caller,
): Promise<GameParts> {
  const [leaderboard, playerStats] = await Promise.all([
    stats.leaderboard(product, caller),
    stats.playerStats(product, caller),
  ]);
  return { leaderboard, playerStats };
}
