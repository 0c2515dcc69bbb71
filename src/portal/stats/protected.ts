import type { Logger } from 'pino';
import type { Accounts } from '../accounts/accounts.ts';
import { aboutCall } from '../log.ts';
import type { Service } from '../upstream/service.ts';
import { createDriftWatch } from './contract.ts';
import { readBoard, readPlayerStats } from './documents.ts';
import { anonymous, failed, healthy } from './part.ts';
import { bothAtOnce, type Board, type CallName, type Stats } from './stats.ts';

export interface ProtectedStatsDependencies {
  readonly accounts: Accounts;
  readonly log: Logger;
  /** Milliseconds. */
  readonly now: () => number;
}

/**
 * The stats service, asked so that its troubles stay its own: a call that fails is an empty part with a flag and a line
 * in the log, never an error.
 */
export function createProtectedStats(
  service: Service,
  { accounts, log, now }: ProtectedStatsDependencies,
): Stats {
  const watch = createDriftWatch(log, now);
  const watched =
    <T>(call: CallName, read: (document: unknown) => T) =>
    (document: unknown) => {
      watch(call, document);
      return read(document);
    };
  const askBoard = service.call({
    name: 'leaderboard',
    read: watched('leaderboard', readBoard),
  });
  const askPlayerStats = service.call({
    name: 'player-stats',
    read: watched('player-stats', readPlayerStats),
  });

  const stats: Stats = {
    async leaderboard(product, caller) {
      const path = ['leaderboards', 'top_ten', product];
      const about = () => aboutCall(path, product, caller.user);
      const outcome = await askBoard({ path, about }, caller);
      if (!outcome.ok) return failed([], outcome.failure);
      const { rows, dropped, drift } = outcome.value;
      const facts = () => ({
        call: 'leaderboard',
        ...about().facts,
        requestId: caller.requestId,
      });
      if (dropped > 0) log.warn({ ...facts(), dropped, drift }, 'Left out rows that were not rows');
      const names = await accounts.usernames(rows.map((row) => row.user_id));
      const board: Board = rows.map((row) => ({
        ...row,
        username: names.get(row.user_id) ?? UNKNOWN_USER,
      }));
      const unknown = board.filter((row) => !names.has(row.user_id)).length;
      if (unknown > 0) {
        log.warn({ ...facts(), unknown }, 'The board has players without an account');
      }
      return healthy(board);
    },

    async playerStats(product, caller) {
      const { user } = caller;
      if (!user) return anonymous({});
      const path = ['stats', product, user.id];
      const about = () => aboutCall(path, product, user);
      const outcome = await askPlayerStats({ path, about }, caller);
      return outcome.ok ? healthy(outcome.value) : failed({}, outcome.failure);
    },

    openGame: (product, caller) => bothAtOnce(stats, product, caller),
  };
  return stats;
}

/** What a player without an account is called. */
export const UNKNOWN_USER = 'Unknown User';
