import { LRUCache } from 'lru-cache';
import type { StaleConfig } from './settings.ts';

/** What services said last, each as JSON under a key of its own. May throw: what is asked for then counts as not there. */
export interface StaleStore {
  put(key: string, json: string): void;
  /** With its age in milliseconds; nothing that is older than it may be. */
  take(key: string): { readonly json: string; readonly ageMs: number } | undefined;
}

/**
 * Keeps them in memory, up to a size. There is no timer: what is too old is dropped when it is asked for, or makes room.
 * @param now milliseconds; only differences are used
 */
export function createStaleStore(config: StaleConfig, now: () => number): StaleStore {
  const kept = new LRUCache<string, { readonly json: string; readonly at: number }>({
    maxSize: config.maxBytes,
    sizeCalculation: ({ json }, key) => ENTRY_BYTES + 2 * (key.length + json.length),
  });
  return {
    put: (key, json) => void kept.set(key, { json, at: now() }),
    take(key) {
      const entry = kept.get(key);
      if (!entry) return undefined;
      const ageMs = now() - entry.at;
      if (ageMs <= config.maxAgeMs) return { json: entry.json, ageMs };
      kept.delete(key);
      return undefined;
    },
  };
}

/** What an entry costs beside its text, about. */
const ENTRY_BYTES = 200;
