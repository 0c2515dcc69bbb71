/** Watches how late the event loop runs: a measured time means little when this process could not keep up itself. */
export interface StallWatch extends Disposable {
  /** Starts to listen; the function stops it and gives the longest delay, in milliseconds, between the two. */
  since(): () => number;
}

export function watchStalls(): StallWatch {
  const listeners = new Set<{ longest: number }>();
  let expected = performance.now() + INTERVAL_MS;
  const timer = setInterval(() => {
    const now = performance.now();
    const delay = now - expected;
    for (const listener of listeners) listener.longest = Math.max(listener.longest, delay);
    expected = now + INTERVAL_MS;
  }, INTERVAL_MS);
  return {
    since() {
      const listener = { longest: 0 };
      listeners.add(listener);
      return () => {
        if (listeners.delete(listener))
          listener.longest = Math.max(listener.longest, performance.now() - expected);
        return listener.longest;
      };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

/** A delay beyond which a verdict other than passed may be this process's own fault. */
export const MOST_STALL_MS = 50;

const INTERVAL_MS = 20;
