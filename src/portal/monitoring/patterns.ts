import { count } from './counts.ts';
import { nameOf, type ErrorKind } from './error-kind.ts';
import type { Minute } from './minutes.ts';

/** Which errors are the most frequent, when they came, and which of them come together. */
export interface Patterns {
  /** The most frequent kinds: in how many minutes they came, and what share of all errors they are. */
  readonly kinds: readonly {
    readonly error: string;
    readonly count: number;
    readonly share: number;
    readonly minutes: number;
  }[];
  readonly by_hour: readonly { readonly hour: string; readonly count: number }[];
  /** Pairs of those kinds that came in the same minute, in how many minutes they did. */
  readonly together: readonly {
    readonly errors: readonly [string, string];
    readonly minutes: number;
  }[];
}

export function findPatterns(minutes: readonly Minute<ErrorKind>[]): Patterns {
  const counts = new Map<ErrorKind, { count: number; minutes: number }>();
  const hours = new Map<number, number>();
  let all = 0;
  for (const minute of minutes) {
    for (const [kind, times] of minute.counts) {
      const sum = counts.get(kind) ?? { count: 0, minutes: 0 };
      counts.set(kind, { count: sum.count + times, minutes: sum.minutes + 1 });
      const hour = Math.floor(minute.start / HOUR) * HOUR;
      count(hours, hour, times);
      all += times;
    }
  }
  const top = [...counts]
    .map(([kind, sum]) => ({ kind, error: nameOf(kind), ...sum }))
    .sort((a, b) => b.count - a.count || (a.error < b.error ? -1 : 1))
    .slice(0, MOST_KINDS);
  return {
    kinds: top.map(({ error, count, minutes }) => ({
      error,
      count,
      share: Number((count / all).toFixed(3)),
      minutes,
    })),
    by_hour: [...hours].map(([hour, count]) => ({ hour: new Date(hour).toISOString(), count })),
    together: pairsOf(
      top.map(({ kind }) => kind),
      minutes,
    ),
  };
}

function pairsOf(
  kinds: readonly ErrorKind[],
  minutes: readonly Minute<ErrorKind>[],
): Patterns['together'] {
  return kinds
    .flatMap((one, i) => kinds.slice(i + 1).map((other) => [one, other] as const))
    .map(([one, other]) => ({
      errors: [nameOf(one), nameOf(other)] as const,
      minutes: minutes.filter(({ counts }) => counts.has(one) && counts.has(other)).length,
    }))
    .filter(({ minutes }) => minutes > 0)
    .sort((a, b) => b.minutes - a.minutes)
    .slice(0, MOST_PAIRS);
}

const HOUR = 3_600_000;
const MOST_KINDS = 10;
const MOST_PAIRS = 5;
