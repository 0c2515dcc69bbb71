/** How long something may take in all, its pauses and repetitions included. */
export interface Deadline {
  /** Milliseconds that are left; 0 or less when it has passed. */
  left(): number;
}

/**
 * Runs work that is over by a deadline, come what may: the work is told how much time is left, and left to itself where it does not
 * mind that. (cockatiel's timeout makes an AbortController a run, which is dear, and is made for each attempt anyway.)
 * @param now milliseconds; only differences are used
 * @param late what the work is rejected with when the deadline passes
 */
export function withDeadline<T>(
  ms: number,
  now: () => number,
  late: () => Error,
  work: (deadline: Deadline) => Promise<T>,
): Promise<T> {
  return new Promise((resolve, reject) => {
    const endsAt = now() + ms;
    const timer = setTimeout(() => reject(late()), ms);
    work({ left: () => endsAt - now() })
      .then(resolve, reject)
      .finally(() => clearTimeout(timer));
  });
}
