import type { FailureReason } from '../upstream/failure.ts';

/** What can fail many times in a row: an endpoint of ours, or a call to a service. */
export type Subject =
  | { readonly of: 'endpoint'; readonly endpoint: string }
  | { readonly of: 'call'; readonly service: string; readonly call: string };

export interface Streak {
  readonly subject: Subject;
  /** In a row, until now. */
  readonly failures: number;
  /** When the first of them was, in milliseconds since 1970. */
  readonly failingSince: number | undefined;
  /** Why the last call failed. */
  readonly reason: FailureReason | undefined;
  readonly lastSuccess: number | undefined;
}

/** How often each thing has failed since it went well the last time. `subjectOf` is asked once what a key stands for. */
export interface Streaks {
  succeeded(key: string, subjectOf: (key: string) => Subject, at: number): void;
  failed(
    key: string,
    subjectOf: (key: string) => Subject,
    at: number,
    reason?: FailureReason,
  ): void;
  get(key: string): Streak | undefined;
  list(): readonly Streak[];
  clear(): void;
}

/** Is told when a row of failures grows, and when one is over. */
export interface StreakListener {
  grew(streak: Streak, at: number): void;
  /** @param failures how many there had been in a row */
  ended(streak: Streak, failures: number): void;
}

export function createStreaks(listener: StreakListener): Streaks {
  const streaks = new Map<string, Changing<Streak>>();
  const streakOf = (key: string, subjectOf: (key: string) => Subject): Changing<Streak> => {
    const known = streaks.get(key);
    if (known) return known;
    const nothing = { failingSince: undefined, reason: undefined, lastSuccess: undefined };
    const streak = { subject: subjectOf(key), failures: 0, ...nothing };
    streaks.set(key, streak);
    return streak;
  };
  return {
    succeeded(key, subjectOf, at) {
      const streak = streakOf(key, subjectOf);
      streak.lastSuccess = at;
      if (streak.failures === 0) return;
      const { failures } = streak;
      streak.failures = 0;
      streak.failingSince = undefined;
      streak.reason = undefined;
      listener.ended(streak, failures);
    },
    failed(key, subjectOf, at, reason) {
      const streak = streakOf(key, subjectOf);
      streak.failures += 1;
      streak.failingSince ??= at;
      streak.reason = reason;
      listener.grew(streak, at);
    },
    get: (key) => streaks.get(key),
    list: () => [...streaks.values()],
    clear: () => streaks.clear(),
  };
}

type Changing<T> = { -readonly [K in keyof T]: T[K] };
