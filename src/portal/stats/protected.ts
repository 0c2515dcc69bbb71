import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Accounts } from '../accounts/accounts.ts';
import type { Outcome, Upstream } from '../upstream/upstream.ts';
import { readBoard, readPlayerStats } from './documents.ts';
import { anonymous, failed, healthy } from './part.ts';
import type { Board, Caller, Stats } from './stats.ts';

/**
 * The stats service, asked so that its troubles stay its own: a call that fails is an empty part with a flag and a line
 * in the log, never an error.
 */
export function createProtectedStats(
  upstream: Upstream,
  { accounts, log }: { readonly accounts: Accounts; readonly log: Logger },
): Stats {
  const askBoard = upstream.call(readBoard);
  const askPlayerStats = upstream.call(readPlayerStats);

  const stats: Stats = {
    async leaderboard(product, caller) {
      const path = ['leaderboards', 'top_ten', product];
      const outcome = await askBoard(path, caller);
      const facts = { call: 'leaderboard', ...factsOf(product, caller) };
      tell({ ...facts, url: upstream.urlOf(path) }, outcome);
      if (!outcome.ok) return failed([], outcome.failure);
      const { rows, dropped } = outcome.value;
      if (dropped > 0) log.warn({ ...facts, dropped }, 'Left out rows that were not rows');
      const names = await accounts.usernames(rows.map((row) => row.user_id));
      const board: Board = rows.map((row) => ({
        ...row,
        username: names.get(row.user_id) ?? UNKNOWN_USER,
      }));
      const unknown = board.filter((row) => !names.has(row.user_id)).length;
      if (unknown > 0) log.warn({ ...facts, unknown }, 'The board has players without an account');
      return healthy(board);
    },

    async playerStats(product, caller) {
      if (!caller.user) return anonymous({});
      const outcome = await askPlayerStats(['stats', product, caller.user.id], caller);
      const facts = { call: 'player-stats', ...factsOf(product, caller) };
      // The log names players by a hash only, so the address must not name them either.
      const url = upstream.urlOf(['stats', product, hash(caller.user.id)]);
      tell({ ...facts, url }, outcome);
      return outcome.ok ? healthy(outcome.value) : failed({}, outcome.failure);
    },

    async openGame(product, caller) {
      const [leaderboard, playerStats] = await Promise.all([
        stats.leaderboard(product, caller),
        stats.playerStats(product, caller),
      ]);
      return { leaderboard, playerStats };
    },
  };
  return stats;

  function tell(
    facts: { readonly call: string; readonly url: string },
    outcome: Outcome<unknown>,
  ): void {
    const { attempts, durationMs } = outcome;
    if (outcome.ok) {
      log.debug({ ...facts, attempts, durationMs }, `The ${facts.call} call answered`);
      return;
    }
    const { reason, message: cause } = outcome.failure;
    log.warn(
      { ...facts, reason, cause, attempts, durationMs },
      `The ${facts.call} call failed (${reason}): the player sees it as unavailable`,
    );
  }
}

function factsOf(product: string, { requestId, user }: Caller): object {
  return { product, ...(user && { user: hash(user.id) }), requestId };
}

function hash(userId: string): string {
  return createHash('sha256').update(userId).digest('hex').slice(0, 12);
}

/** What a player without an account is called. */
export const UNKNOWN_USER = 'Unknown User';
