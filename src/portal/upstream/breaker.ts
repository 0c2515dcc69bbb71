import {
  BrokenCircuitError,
  circuitBreaker,
  CircuitState,
  CountBreaker,
  handleWhen,
} from 'cockatiel';
import type { BreakerState } from '../observer.ts';
import { CallFailure } from './failure.ts';

export interface BreakerSettings {
  /** Opens when more than this share (0 to 1) of the last `size` attempts failed, of at least `minimum`. */
  readonly threshold: number;
  readonly size: number;
  readonly minimum: number;
  readonly openMs: number;
}

export interface Breaker {
  /**
   * Runs what `refusal` has just let through.
   * @throws {CallFailure} `circuit_open`, or what `work` throws
   */
  execute<T>(work: () => Promise<T>): Promise<T>;
  /** Why nothing may be sent now; undefined when something may. */
  refusal(): CallFailure | undefined;
  state(): BreakerState;
  /** Since when it is in its state, in milliseconds since 1970. */
  since(): number;
}

/**
 * A breaker that lets one probe through when its time is over, and refuses all others until the probe is answered.
 * @param now milliseconds since 1970
 */
export function createBreaker(
  settings: BreakerSettings,
  now: () => number,
  changed: (state: BreakerState) => void = () => undefined,
): Breaker {
  const { threshold, size, minimum, openMs } = settings;
  const samples = new CountBreaker({ threshold, size, minimumNumberOfCalls: minimum });
  const options = { halfOpenAfter: openMs, breaker: samples };
  const breaker = circuitBreaker(
    handleWhen((error) => error instanceof Judged && error.counts),
    options,
  );
  let state: BreakerState = 'closed';
  let since = now();
  /** Since when nothing was answered: a probe that fails does not begin another outage. */
  let outageSince = since;

  // A probe answered with, say, 404 closes the circuit but keeps the old failures: one more would open it again.
  breaker.onReset(() => samples.success(CircuitState.HalfOpen));
  breaker.onStateChange((next) => {
    const previous = state;
    state = NAMES[next];
    since = now();
    if (previous === 'closed') outageSince = since;
    changed(state);
  });

  const countsIn = (begunIn: BreakerState, error: unknown) =>
    begunIn === 'closed'
      ? // What began before an outage and fails late says nothing of the probe that is under way.
        state === 'closed' && isTransient(error)
      : // To cockatiel a probe with any other failure has succeeded, even one that was never sent.
        isTransient(error) || !wasAnswered(error);

  const refused = () => {
    const left = since + openMs - now();
    const retryAfterMs = state === 'open' && left > 0 ? left : undefined;
    const facts = { since: outageSince, retryAfterMs };
    return new CallFailure('circuit_open', 'not called: too many of the last calls failed', facts);
  };

  return {
    async execute(work) {
      const begunIn = state;
      const judged = async () => {
        try {
          return await work();
        } catch (error) {
          throw new Judged(error, countsIn(begunIn, error));
        }
      };
      try {
        return await breaker.execute(judged);
      } catch (error) {
        if (error instanceof BrokenCircuitError) throw refused();
        throw error instanceof Judged ? error.cause : error;
      }
    },
    refusal() {
      // During the probe, too: cockatiel makes callers wait for it, and then calls the service for each of them.
      const shut = state === 'half-open' || (state === 'open' && now() - since < openMs);
      return shut ? refused() : undefined;
    },
    state: () => state,
    since: () => since,
  };
}

export function isTransient(error: unknown): boolean {
  return error instanceof CallFailure && error.transient;
}

function wasAnswered(error: unknown): boolean {
  if (!(error instanceof CallFailure)) return false;
  return error.status !== undefined || error.reason === 'invalid_response';
}

/** What an attempt threw, and whether the breaker is to count it. */
class Judged extends Error {
  readonly counts: boolean;

  constructor(cause: unknown, counts: boolean) {
    super('', { cause });
    this.counts = counts;
  }
}

const NAMES: Record<CircuitState, BreakerState> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  // Only `isolate` leads there, which nobody calls.
  [CircuitState.Isolated]: 'open',
};
