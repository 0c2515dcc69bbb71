import type { Logger } from 'pino';
import { messageOf } from '../../../common/errors.ts';
import type { FailedPart, Part } from '../part.ts';
import { bothAtOnce, type Caller, type Stats } from '../stats.ts';
import type { StaleStore } from './store.ts';

/**
 * Stats of which a failed part has the last good data instead of none. It stays flagged, and says how old they are. A player's stats
 * are for that player alone. A store that throws costs the old data, never the answer.
 */
export function withStaleFallback(stats: Stats, store: StaleStore, log: Logger): Stats {
  const fallBack = <T>(key: readonly string[], part: Part<T>, { requestId }: Caller): Part<T> => {
    // As JSON, no two lists of ids read the same.
    const name = JSON.stringify(key);
    try {
      if (part.error) return recall(name, part);
      store.put(name, JSON.stringify(part.data));
    } catch (error) {
      log.warn({ cause: messageOf(error), requestId }, 'The store of stale answers failed');
    }
    return part;
  };

  const recall = <T>(name: string, part: FailedPart<T>): FailedPart<T> => {
    const last = store.take(name);
    if (!last) return part;
    const data = JSON.parse(last.json) as T;
    return { ...part, data, stale: true, age: Math.floor(last.ageMs / 1000) };
  };

  const kept: Stats = {
    async leaderboard(product, caller) {
      const part = await stats.leaderboard(product, caller);
      return fallBack(['leaderboard', product], part, caller);
    },
    async playerStats(product, caller) {
      const part = await stats.playerStats(product, caller);
      return caller.user ? fallBack(['player-stats', product, caller.user.id], part, caller) : part;
    },
    openGame: (product, caller) => bothAtOnce(kept, product, caller),
  };
  return kept;
}
