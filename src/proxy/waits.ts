/** Something that may end while a wait on it is under way. */
export interface Mortal {
  readonly gone: boolean;
  /** Calls back once when it ends, at once if it has; gives back a function that forgets the callback. */
  onGone(callback: () => void): () => void;
}

/** A mortal, and its end. */
export interface Life extends Mortal {
  /** Tells all who wait; false when it was over already. */
  end(): boolean;
}

export function createLife(): Life {
  const callbacks = new Set<() => void>();
  let gone = false;
  return {
    get gone() {
      return gone;
    },
    onGone(callback) {
      if (gone) callback();
      else callbacks.add(callback);
      return () => callbacks.delete(callback);
    },
    end() {
      if (gone) return false;
      gone = true;
      for (const callback of callbacks) callback();
      callbacks.clear();
      return true;
    },
  };
}

/** The owner of waits that only their rule ends. */
export const FOREVER: Mortal = { gone: false, onGone: () => () => {} };

/** The waits of one rule. Releasing them lets every waiting exchange go on at once, and every later wait be none. */
export interface Waits {
  /** Resolves after `ms` (Infinity: never by itself), or at once when released or when `owner` is gone. */
  wait(ms: number, owner: Mortal): Promise<void>;
  release(): void;
  /** The rule is lifted: what it has not begun to do by now it does not do. */
  readonly released: boolean;
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
          else timer = setTimeout(arm, Math.min(Math.ceil(left), LONGEST_TIMER_MS));
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
    get released() {
      return released;
    },
  };
}

/** Waits for `event`, for `ms`, or for the end of `owner`, whatever comes first. */
export function whicheverFirst(owner: Mortal, ms: number, event?: Promise<void>): Promise<void> {
  if (owner.gone) return Promise.resolve();
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer);
      forget();
      resolve();
    };
    const timer = setTimeout(finish, ms);
    const forget = owner.onGone(finish);
    void event?.then(finish);
  });
}

/** A longer timer fires at once and warns. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
