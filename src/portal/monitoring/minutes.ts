import { count } from './counts.ts';

/** How often things happened within one minute of the clock. */
export interface Minute<K> {
  /** When it began, in milliseconds since 1970. */
  readonly start: number;
  readonly counts: ReadonlyMap<K, number>;
}

/** Counts by the minute, of the last 24 hours and no more. A minute in which nothing happened costs nothing. */
export interface Minutes<K> {
  /** @param at milliseconds since 1970 */
  add(what: K, at: number): void;
  /** Those in which something happened, from the one that holds this moment on; the oldest first. */
  from(moment: number): readonly Minute<K>[];
  clear(): void;
}

export function createMinutes<K>(): Minutes<K> {
  const ring: (Slot<K> | undefined)[] = [];
  return {
    add(what, at) {
      const start = minuteOf(at);
      const place = (start / MINUTE) % KEPT;
      const slot = ring[place];
      if (slot?.start === start) count(slot.counts, what);
      else ring[place] = { start, counts: new Map([[what, 1]]) };
    },
    from(moment) {
      const first = minuteOf(moment);
      return ring
        .flatMap((slot) => (slot && slot.start >= first ? slot : []))
        .sort((a, b) => a.start - b.start);
    },
    clear() {
      ring.length = 0;
    },
  };
}

/** The minute of the clock that holds a moment. */
export function minuteOf(moment: number): number {
  return Math.floor(moment / MINUTE) * MINUTE;
}

interface Slot<K> {
  readonly start: number;
  readonly counts: Map<K, number>;
}

const MINUTE = 60_000;
/** A day, and the minute that has begun. */
const KEPT = 24 * 60 + 1;
