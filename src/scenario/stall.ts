/** Watches how late the event loop runs: a measured time means little when this process could not keep up itself. */
export interface StallWatch extends Disposable {
  /** Starts to listen; the function gives the longest delay, in milliseconds, since then. */
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
        listeners.delete(listener);
        return Math.max(listener.longest, performance.now() - expected);
      };
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

const INTERVAL_MS = 20;
