/** So many at once; then, evenly, so many in each span. */
export interface Limit {
  readonly count: number;
  readonly perMs: number;
}

/** Counts by key. Holds no timer, and never more than 10,000 keys. */
export interface Limiter {
  /** How many milliseconds are to be waited until the next one passes; 0 where this one passes, and is counted. */
  take(key: string): number;
  /** Uncounts one that was taken. */
  giveBack(key: string): void;
}

export function createLimiter({ count, perMs }: Limit, now: () => number): Limiter {
  const step = perMs / count;
  // For each key, when all that it took will be forgotten. The key that was asked for longest ago stands first.
  const freeAt = new Map<string, number>();
  return {
    take(key) {
      const at = now();
      const next = Math.max(freeAt.get(key) ?? 0, at) + step;
      const waitMs = next - at - perMs;
      // A sum of fractions may come out a little above: it must not cost a full burst its last one.
      if (waitMs > 0.01) return waitMs;
      freeAt.delete(key);
      freeAt.set(key, next);
      // Who is forgotten starts anew: with many callers the limit errs on the side of letting pass.
      if (freeAt.size > KEYS) freeAt.delete(freeAt.keys().next().value ?? '');
      return 0;
    },
    giveBack(key) {
      const at = freeAt.get(key);
      if (at !== undefined) freeAt.set(key, at - step);
    },
  };
}

const KEYS = 10_000;
