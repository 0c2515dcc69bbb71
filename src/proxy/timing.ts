/** How long something takes, of every sixteenth time it is done: looking at the clock each time would take longer. */
export interface Timing {
  /** To be given to `end`. */
  begin(): number;
  end(begun: number): void;
  readonly counted: () => Counted;
}

export interface Counted {
  /** How many took at most so many seconds; the last of them has no bound. */
  readonly buckets: readonly { readonly atMost: number; readonly count: number }[];
  readonly seconds: number;
  readonly count: number;
}

export function createTiming(now: () => number = () => performance.now()): Timing {
  const counts = BOUNDS_MS.map(() => 0);
  let asked = 0;
  let ms = 0;
  let count = 0;

  return {
    begin: () => (asked++ % ONE_IN === 0 ? now() : NOT_LOOKED),
    end(begun) {
      if (begun === NOT_LOOKED) return;
      const took = now() - begun;
      const place = BOUNDS_MS.findIndex((bound) => took <= bound);
      counts[place] = (counts[place] ?? 0) + 1;
      ms += took;
      count++;
    },
    counted() {
      let below = 0;
      const buckets = BOUNDS_MS.map((bound, i) => {
        below += counts[i] ?? 0;
        return { atMost: bound / 1000, count: below };
      });
      return { buckets, seconds: ms / 1000, count };
    },
  };
}

export const ONE_IN = 16;
const NOT_LOOKED = -1;
const BOUNDS_MS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10, Infinity];
