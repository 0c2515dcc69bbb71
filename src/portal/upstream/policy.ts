import { setTimeout as pause } from 'node:timers/promises';
import {
  BrokenCircuitError,
  bulkhead,
  BulkheadRejectedError,
  circuitBreaker,
  type CircuitBreakerPolicy,
  CircuitState,
  ConstantBackoff,
  CountBreaker,
  handleWhen,
  retry,
  TaskCancelledError,
  timeout,
  TimeoutStrategy,
} from 'cockatiel';
import type { Random } from '../../common/random.ts';
import { CallFailure, transportFailure } from './failure.ts';

/** How one call is protected. Times are in milliseconds. */
export interface PolicySettings {
  readonly deadlineMs: number;
  readonly attemptTimeoutMs: number;
  /** The first attempt included. */
  readonly attempts: number;
  readonly backoffMinMs: number;
  readonly backoffMaxMs: number;
  /** How long, at most, a service that limits the rate is left alone because it says so. */
  readonly retryAfterMaxMs: number;
  readonly breaker: {
    /** Opens when more than this share (0 to 1) of the last `size` attempts failed, of at least `minimum`. */
    readonly threshold: number;
    readonly size: number;
    readonly minimum: number;
    readonly openMs: number;
  };
  /** How many attempts may be under way at once; one more is refused. */
  readonly bulkhead: { readonly limit: number };
}

/**
 * Runs an attempt, if need be again, within the policy. The work must give up when its signal aborts.
 * `onAttempt` hears of each attempt that is really made.
 * @throws {CallFailure} and nothing else
 */
export type Policy = <T>(
  work: (signal: AbortSignal) => Promise<T>,
  signal: AbortSignal,
  onAttempt: () => void,
) => Promise<T>;

/**
 * The policy of one call, with a breaker and a bulkhead of its own: two calls never share one.
 * @param now milliseconds; only differences are used
 */
export function createPolicy(settings: PolicySettings, random: Random, now: () => number): Policy {
  const deadline = timeout(settings.deadlineMs, {
    strategy: TimeoutStrategy.Aggressive,
    ...QUIET_END,
  });
  const breaker = createBreaker(settings.breaker);
  // No queue: cockatiel forgets to go on after a queued call that was cancelled, and a probe behind it would wait for ever.
  const slots = bulkhead(settings.bulkhead.limit);
  const perAttempt = timeout(settings.attemptTimeoutMs, {
    strategy: TimeoutStrategy.Cooperative,
    ...QUIET_END,
  });
  const again = retry(
    handleWhen((error) => isTransient(error) && !asksForPeace(error)),
    // The pause is made below, where it can be cancelled; cockatiel's own cannot.
    { maxAttempts: settings.attempts - 1, backoff: new ConstantBackoff(0) },
  );
  const backoffMs = () =>
    settings.backoffMinMs + random() * (settings.backoffMaxMs - settings.backoffMinMs);
  let quietUntil = -Infinity;

  return async (work, signal, onAttempt) => {
    let last: CallFailure | undefined;
    const attempt = async (signal: AbortSignal) => {
      onAttempt();
      try {
        return await perAttempt.execute(({ signal }) => work(signal), signal);
      } catch (error) {
        last = asFailure(error);
        // A limit holds for all that this portal asks; of a 5xx the next instance may know nothing, so the breaker decides.
        if (last.reason === 'rate_limited' && last.retryAfterMs !== undefined)
          quietUntil = now() + Math.min(last.retryAfterMs, settings.retryAfterMaxMs);
        throw last;
      }
    };
    try {
      return await deadline.execute(
        ({ signal }) =>
          again.execute(async ({ attempt: retries, signal }) => {
            if (retries > 0) await pause(backoffMs(), undefined, { signal });
            if (now() < quietUntil) throw tooEarly();
            return breaker.execute(
              ({ signal }) => slots.execute(({ signal }) => attempt(signal), signal),
              signal,
            );
          }, signal),
        signal,
      );
    } catch (error) {
      if (signal.aborted) throw new CallFailure('unreachable', 'the portal is shutting down');
      // A breaker that the first attempt opened refuses the second: what happened to the first says more.
      throw refused(error) && last ? last : asFailure(error);
    }
  };
}

type Breaker = Pick<CircuitBreakerPolicy, 'execute'>;

function createBreaker(settings: PolicySettings['breaker']): Breaker {
  const { threshold, size, minimum, openMs } = settings;
  const samples = new CountBreaker({ threshold, size, minimumNumberOfCalls: minimum });
  const options = { halfOpenAfter: openMs, breaker: samples };
  const breaker = circuitBreaker(handleWhen(isTransient), options);
  // A probe answered with, say, 404 closes the circuit but keeps the old failures: one more would open it again.
  breaker.onReset(() => samples.success(CircuitState.HalfOpen));
  return {
    execute: async (work, signal) => {
      // cockatiel makes these callers wait for the probe, and then calls the service for each of them.
      if (breaker.state === CircuitState.HalfOpen) throw new BrokenCircuitError();
      return breaker.execute(work, signal);
    },
  };
}

function isTransient(error: unknown): boolean {
  return error instanceof CallFailure && error.transient;
}

function asksForPeace(error: unknown): boolean {
  return error instanceof CallFailure && error.retryAfterMs !== undefined;
}

function tooEarly(): CallFailure {
  return new CallFailure('rate_limited', 'not called: the service asked to be left alone');
}

function refused(error: unknown): boolean {
  return error instanceof BrokenCircuitError || error instanceof BulkheadRejectedError;
}

function asFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof BrokenCircuitError) {
    return new CallFailure('circuit_open', 'not called: too many of the last calls failed');
  }
  if (error instanceof BulkheadRejectedError) {
    return new CallFailure('rate_limited', 'not called: too many calls are under way');
  }
  if (error instanceof TaskCancelledError) {
    return new CallFailure('timeout', "the page's deadline passed", { cause: error });
  }
  return transportFailure(error);
}

// cockatiel would abort the signal of work that is done: an exception with a stack, twice for each call that went well.
const QUIET_END = { abortOnReturn: false };
