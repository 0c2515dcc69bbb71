/** The keys of a service. The rate of each is limited by the service, which says so with 429. */
export interface KeyRing {
  readonly size: number;
  /** What one call knows of the keys: a limit on it says little of the other calls. */
  view(): KeyView;
}

export interface KeyView {
  /** The next key that is not limited; undefined when all are. */
  pick(): string | undefined;
  /** The service limits this key, for so long. */
  limit(key: string, ms: number): void;
  /** Whether there is one that is not limited. */
  hasFree(): boolean;
  /** In how many milliseconds the first of the limited keys is free again. */
  shortestWait(): number;
}

/**
 * Takes keys in turn. A limited key is left alone by the call that met the limit; other calls take it only where no key is left
 * that nobody has met a limit with.
 * @param now milliseconds
 */
export function createKeyRing(keys: readonly string[], now: () => number): KeyRing {
  const seenByAny = new Map<string, number>();
  let turn = 0;

  const taken = (key: string) => {
    turn = keys.indexOf(key) + 1;
    return key;
  };

  return {
    size: keys.length,
    view() {
      const seen = new Map<string, number>();
      const free = (limits: ReadonlyMap<string, number>, key: string) =>
        (limits.get(key) ?? -Infinity) <= now();
      return {
        pick() {
          let second: string | undefined;
          for (let i = 0; i < keys.length; i++) {
            const key = keys[(turn + i) % keys.length] as string;
            if (!free(seen, key)) continue;
            if (free(seenByAny, key)) return taken(key);
            second ??= key;
          }
          return second === undefined ? undefined : taken(second);
        },
        limit(key, ms) {
          for (const limits of [seen, seenByAny]) limits.set(key, now() + ms);
        },
        hasFree: () => keys.some((key) => free(seen, key)),
        shortestWait: () => Math.max(0, Math.min(...seen.values()) - now()),
      };
    },
  };
}
