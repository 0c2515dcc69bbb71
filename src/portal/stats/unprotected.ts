import type { Accounts } from '../accounts/accounts.ts';
import { traceHeaders, type RandomHex } from '../upstream/trace.ts';
import type { Transport } from '../upstream/transport.ts';
import { anonymous, healthy } from './part.ts';
import { UNKNOWN_USER } from './protected.ts';
import type { BoardRow, Caller, PlayerStats, Stats } from './stats.ts';

/**
 * The stats service, asked as the original portal asked: one call after the other, no timeout, no look at the status,
 * ids put into the address as they are, redirects followed, the body believed, nothing caught. Never to be served to
 * players: it exists so that a scenario can be seen to fail.
 */
export function createUnprotectedStats(
  baseUrl: string,
  {
    transport,
    randomHex,
    accounts,
  }: {
    readonly transport: Transport;
    readonly randomHex: RandomHex;
    readonly accounts: Accounts;
  },
): Stats {
  const get = (path: string, { requestId, trace }: Caller): Promise<unknown> =>
    transport.during(async (signal) => {
      const headers = { ...traceHeaders(trace, randomHex), 'x-request-id': requestId };
      const response = await transport.fetch(baseUrl + path, { headers, signal });
      return response.json();
    });

  const stats: Stats = {
    async leaderboard(product, caller) {
      const rows = (await get(`/leaderboards/top_ten/${product}`, caller)) as BoardRow[];
      const names = await accounts.usernames(rows.map((row) => row.user_id));
      return healthy(
        rows.map((row) => ({ ...row, username: names.get(row.user_id) ?? UNKNOWN_USER })),
      );
    },

    async playerStats(product, caller) {
      // `None` is what the original asks about for a caller without an account.
      const data = await get(`/stats/${product}/${caller.user?.id ?? 'None'}`, caller);
      return caller.user ? healthy(data as PlayerStats) : anonymous(data as PlayerStats);
    },

    async openGame(product, caller) {
      const leaderboard = await stats.leaderboard(product, caller);
      const playerStats = await stats.playerStats(product, caller);
      return { leaderboard, playerStats };
    },
  };
  return stats;
}
