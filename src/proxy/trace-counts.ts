/** Counts what happens within a trace; only the latest traces are remembered. */
export interface TraceCounts {
  /** One more of `what`: the how-manyth it is. */
  next(traceId: string, what: string): number;
}

export function createTraceCounts(capacity = 10_000): TraceCounts {
  const counts = new Map<string, number>();
  return {
    next(traceId, what) {
      const key = `${traceId} ${what}`;
      const count = (counts.get(key) ?? 0) + 1;
      // In the order of their last use.
      counts.delete(key);
      counts.set(key, count);
      if (counts.size > capacity) counts.delete(counts.keys().next().value as string);
      return count;
    },
  };
}
