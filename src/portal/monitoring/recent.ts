/** The last so many of something, and no more. */
export interface Recent<T> {
  add(one: T): void;
  /** The newest first. */
  list(): readonly T[];
  clear(): void;
}

export function createRecent<T>(most: number): Recent<T> {
  let ring: T[] = [];
  let next = 0;
  return {
    add(one) {
      ring[next] = one;
      next = (next + 1) % most;
    },
    list: () => [...ring.slice(next), ...ring.slice(0, next)].reverse(),
    clear() {
      ring = [];
      next = 0;
    },
  };
}
