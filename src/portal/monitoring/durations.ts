/** How long something took, in buckets, as Prometheus counts it. */
export interface Durations {
  add(ms: number): void;
  read(): DurationFacts;
}

export interface DurationFacts {
  /** How many took no longer than this; the last bucket, of `Infinity`, holds all of them. */
  readonly buckets: readonly { readonly atMostSeconds: number; readonly count: number }[];
  readonly seconds: number;
  readonly count: number;
}

export function createDurations(): Durations {
  const counts: number[] = BOUNDS_MS.map(() => 0);
  let sumMs = 0;
  return {
    add(ms) {
      sumMs += ms;
      let i = 0;
      while (ms > (BOUNDS_MS[i] ?? Infinity)) i += 1;
      counts[i] = (counts[i] ?? 0) + 1;
    },
    read() {
      let count = 0;
      const buckets = BOUNDS_MS.map((bound, i) => {
        count += counts[i] ?? 0;
        return { atMostSeconds: bound / 1000, count };
      });
      return { buckets, seconds: sumMs / 1000, count };
    },
  };
}

/** Up to the deadlines of an attempt and of a page, and just beyond these. */
const BOUNDS_MS: readonly number[] = [
  5,
  10,
  25,
  50,
  100,
  200,
  400,
  500,
  800,
  1000,
  1100,
  2500,
  Infinity,
];
