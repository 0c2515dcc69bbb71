import { setTimeout as pause } from 'node:timers/promises';
import { CallFailure } from './failure.ts';

/** At most `count` requests in any `perMs` milliseconds. */
export interface RateLimitSettings {
  readonly count: number;
  readonly perMs: number;
  /** How many requests may wait for their turn; one more is refused. */
  readonly queue: number;
}

export interface RateLimit {
  /**
   * Waits for its turn, for `atMostMs` at most.
   * @throws {CallFailure} `rate_limited`, at once, when that is too short or too many are waiting
   */
  turn(atMostMs: number, signal: AbortSignal): Promise<void>;
}

export type Wait = (ms: number, signal: AbortSignal) => Promise<unknown>;

/**
 * No window of `perMs` ever holds more than `count` turns; a bucket that is refilled bit by bit would let through twice as many.
 * @param now milliseconds; only differences are used
 */
export function createRateLimit(
  { count, perMs, queue }: RateLimitSettings,
  now: () => number,
  wait: Wait = (ms, signal) => pause(ms, undefined, { signal }),
): RateLimit {
  /** The times of the last `count` turns, past and to come, as a ring. */
  const turns = new Float64Array(count).fill(-Infinity);
  let next = 0;
  let waiting = 0;

  return {
    async turn(atMostMs, signal) {
      const at = Math.max(now(), (turns[next] ?? 0) + perMs);
      const ms = at - now();
      if (ms > atMostMs || (ms > 0 && waiting >= queue)) throw refused(ms);
      turns[next] = at;
      next = (next + 1) % count;
      if (ms <= 0) return;
      waiting += 1;
      try {
        // A timer may fire a part of a millisecond early.
        await wait(Math.ceil(ms), signal);
      } finally {
        waiting -= 1;
      }
    },
  };
}

function refused(ms: number): CallFailure {
  const message = 'not called: our own limit on what we ask leaves no room in time';
  return new CallFailure('rate_limited', message, { retryAfterMs: ms });
}
