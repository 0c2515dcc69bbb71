import { setTimeout as pause } from 'node:timers/promises';
import {
  bulkhead,
  BulkheadRejectedError,
  ConstantBackoff,
  handleWhen,
  retry,
  timeout,
  type TimeoutPolicy,
  TimeoutStrategy,
} from 'cockatiel';
import type { Random } from '../../common/random.ts';
import type { BreakerState } from '../observer.ts';
import { createBreaker, isTransient, type Breaker, type BreakerSettings } from './breaker.ts';
import { withDeadline, type Deadline } from './deadline.ts';
import { CallFailure, transportFailure } from './failure.ts';
import type { ForcedOutage } from './outage.ts';
import type { RateLimit } from './rate-limit.ts';

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
  readonly breaker: BreakerSettings;
  /** How many attempts may be under way at once; one more is refused. */
  readonly bulkhead: { readonly limit: number };
}

/** What the policy of a call takes from its service, and from the world outside. */
export interface PolicyParts {
  readonly random: Random;
  /** Milliseconds since 1970, never going back. */
  readonly now: () => number;
  readonly outage: ForcedOutage;
  /** Undefined where the portal may ask as often as it likes. */
  readonly rateLimit: RateLimit | undefined;
  readonly breakerChanged: (state: BreakerState) => void;
}

export interface Policy {
  /** Why nothing may be sent now, if so: to be asked first, so that nothing is prepared in vain. */
  refusal(): CallFailure | undefined;
  /**
   * Runs an attempt, if need be again. The work must give up when its signal aborts.
   * @throws {CallFailure} and nothing else
   */
  execute<T>(work: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T>;
  readonly breaker: Breaker;
}

/** The policy of one call, with a breaker and a bulkhead of its own: two calls never share one. */
export function createPolicy(settings: PolicySettings, parts: PolicyParts): Policy {
  const { random, now, outage, rateLimit } = parts;
  const breaker = createBreaker(settings.breaker, now, parts.breakerChanged);
  // No queue: cockatiel forgets to go on after a queued call that was cancelled, and a probe behind it would wait for ever.
  const slots = bulkhead(settings.bulkhead.limit);
  const perAttempt = attemptTimeout(settings.attemptTimeoutMs);
  const again = retry(
    handleWhen((error) => isTransient(error) && !asksForPeace(error)),
    // The pause is made below, where it can be cancelled; cockatiel's own cannot.
    { maxAttempts: settings.attempts - 1, backoff: new ConstantBackoff(0) },
  );
  const backoffMs = () =>
    settings.backoffMinMs + random() * (settings.backoffMaxMs - settings.backoffMinMs);
  let quietUntil = -Infinity;

  const refusal = () => {
    const refused = outage.refusal() ?? breaker.refusal();
    if (refused) return refused;
    const quietMs = quietUntil - now();
    return quietMs > 0 ? tooEarly(quietMs) : undefined;
  };

  return {
    breaker,
    refusal,
    async execute(work, signal) {
      let last: CallFailure | undefined;

      const attempt = async (leftMs: number) => {
        const limit =
          leftMs < settings.attemptTimeoutMs ? attemptTimeout(Math.ceil(leftMs)) : perAttempt;
        try {
          return await limit.execute(({ signal }) => work(signal), signal);
        } catch (error) {
          last = asFailure(error);
          // A limit holds for all that this portal asks; of a 5xx the next instance may know nothing, so the breaker decides.
          if (last.status === 429 && last.retryAfterMs !== undefined)
            quietUntil = now() + Math.min(last.retryAfterMs, settings.retryAfterMaxMs);
          throw last;
        }
      };

      const repeat = (deadline: Deadline) =>
        again.execute(async ({ attempt: retries }) => {
          if (retries > 0) await pauseWithin(deadline, backoffMs(), signal);
          let refused = refusal();
          if (!refused && rateLimit) {
            await rateLimit.turn(deadline.left(), signal);
            refused = refusal();
          }
          if (refused) throw refused;
          return breaker.execute(() => slots.execute(() => attempt(deadline.left())));
        });

      try {
        return await withDeadline(settings.deadlineMs, now, tooLate, repeat);
      } catch (error) {
        if (signal.aborted) throw new CallFailure('unreachable', 'the portal is shutting down');
        // What refuses the second attempt, say a breaker that the first one opened, says less than what happened to the first.
        throw last && !(error instanceof TooLate) ? last : asFailure(error);
      }
    },
  };
}

/** @throws {TooLate} after a pause that all the time that was left went into */
async function pauseWithin(deadline: Deadline, ms: number, signal: AbortSignal): Promise<void> {
  const left = deadline.left();
  if (left > 0) await pause(Math.min(ms, left), undefined, { signal });
  if (ms >= left) throw tooLate();
}

function attemptTimeout(ms: number): TimeoutPolicy {
  return timeout(ms, { strategy: TimeoutStrategy.Cooperative, ...QUIET_END });
}

function asksForPeace(error: unknown): boolean {
  return error instanceof CallFailure && error.retryAfterMs !== undefined;
}

function tooEarly(retryAfterMs: number): CallFailure {
  const message = 'not called: the service asked to be left alone';
  return new CallFailure('rate_limited', message, { retryAfterMs });
}

/** Of all attempts together, whatever became of the last one. */
class TooLate extends CallFailure {}

function tooLate(): TooLate {
  return new TooLate('timeout', "the page's deadline passed");
}

function asFailure(error: unknown): CallFailure {
  if (error instanceof CallFailure) return error;
  if (error instanceof BulkheadRejectedError) {
    return new CallFailure('rate_limited', 'not called: too many calls are under way');
  }
  return transportFailure(error);
}

// cockatiel would abort the signal of work that is done: an exception with a stack, twice for each call that went well.
const QUIET_END = { abortOnReturn: false };
