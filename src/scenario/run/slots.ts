/** Places to compute at. Cells share one event loop, so only so many may work at a time; those that wait give theirs up. */
export interface Slots {
  /** Runs `work` in a slot of its own, when one is free. */
  use<T>(work: (slot: Slot) => Promise<T>): Promise<T>;
}

export interface Slot {
  /** Gives the slot up while a planned wait goes on, and takes one again after it. */
  rest<T>(wait: () => Promise<T>): Promise<T>;
}

export function createSlots(count: number): Slots {
  const starting: (() => void)[] = [];
  const returning: (() => void)[] = [];
  let free = count;

  const take = async (queue: (() => void)[]) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => queue.push(resolve));
  };
  const give = () => {
    // Who comes back goes first: its instance is up and its faults stand, and a new cell would only add to them.
    const next = returning.shift() ?? starting.shift();
    if (next) next();
    else free++;
  };
  return {
    async use(work) {
      await take(starting);
      try {
        return await work({
          async rest(wait) {
            give();
            try {
              return await wait();
            } finally {
              await take(returning);
            }
          },
        });
      } finally {
        give();
      }
    },
  };
}

/** One after another, each with all its waits. */
export function createTurns(): Slots {
  let last: Promise<unknown> = Promise.resolve();
  return {
    use(work) {
      const done = last.then(() => work(OWN_SLOT));
      last = done.catch(() => {});
      return done;
    },
  };
}

/** Of who runs alone: nobody else would take it. */
export const OWN_SLOT: Slot = { rest: (wait) => wait() };
