/** Something that may end while a wait on it is under way. */
export interface Mortal {
  readonly gone: boolean;
  /** Calls back once when it ends; gives back a function that forgets the callback. */
  onGone(callback: () => void): () => void;
}

/** The waits of one rule. Releasing them lets every waiting exchange go on at once, and every later wait be none. */
export interface Waits {
  /** Resolves after `ms` (Infinity: never by itself), or at once when released or when `owner` is gone. */
  wait(ms: number, owner: Mortal): Promise<void>;
  release(): void;
}

/** Plain timers in a set: a shared AbortSignal costs eighty times as much and warns of its listeners. */
export function createWaits(): Waits {
  const waiting = new Set<() => void>();
  let released = false;
  return {
    wait(ms, owner) {
      if (released || owner.gone) return Promise.resolve();
      return new Promise((resolve) => {
        const due = performance.now() + ms;
        let timer: NodeJS.Timeout | undefined;
        const finish = () => {
          clearTimeout(timer);
          forget();
          waiting.delete(finish);
          resolve();
        };
        const arm = () => {
          // Timers may fire up to a millisecond early: a latency that was promised is never cut short.
          const left = due - performance.now();
          if (left <= 0) finish();
          else timer = setTimeout(arm, Math.ceil(left));
        };
        const forget = owner.onGone(finish);
        waiting.add(finish);
        if (Number.isFinite(ms)) arm();
      });
    },
    release() {
      released = true;
      for (const finish of waiting) finish();
    },
  };
}
