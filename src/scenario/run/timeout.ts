/** A time that a cell may take. */
export interface Limit extends Disposable {
  /** Aborts when the time is over, or when the run is interrupted. */
  readonly signal: AbortSignal;
  /** The time is over. */
  readonly late: boolean;
}

/** Begins to count now. */
export function limitTime(ms: number, interrupted: AbortSignal): Limit {
  const own = new AbortController();
  let late = false;
  const interrupt = () => own.abort(interrupted.reason);
  const timer = setTimeout(() => {
    late = true;
    own.abort(new Error('too late'));
  }, ms);
  if (interrupted.aborted) interrupt();
  else interrupted.addEventListener('abort', interrupt, { once: true });
  return {
    signal: own.signal,
    get late() {
      return late;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      interrupted.removeEventListener('abort', interrupt);
    },
  };
}

/** What is done for others too goes on, but is not waited for any longer when `signal` aborts. */
export async function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

/** Of a cell whose scenario says nothing, where the run says nothing either. */
export const TIMEOUT_MS = 120_000;
