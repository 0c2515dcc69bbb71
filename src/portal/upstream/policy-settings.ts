import { BrownoutError } from '../../common/errors.ts';
import { count, duration, optional, readSettings, setting, share, type Env } from '../settings.ts';
import type { PolicySettings } from './policy.ts';

/**
 * How the calls of every service are protected.
 * @throws {BrownoutError} `invalid_config`, naming the variable
 */
export function readPolicy(env: Env): PolicySettings {
  const values = readSettings(POLICY_SETTINGS, env);
  if (values.BACKOFF_MAX < values.BACKOFF_MIN) {
    throw new BrownoutError('invalid_config', 'BACKOFF_MAX: it is less than BACKOFF_MIN');
  }
  const size = values.BREAKER_SIZE;
  if ((values.BREAKER_MINIMUM ?? size) > size) {
    const message = `BREAKER_MINIMUM: expected a whole number from 1 to ${size}, which is BREAKER_SIZE`;
    throw new BrownoutError('invalid_config', message);
  }
  return {
    deadlineMs: values.PAGE_DEADLINE,
    attemptTimeoutMs: values.ATTEMPT_TIMEOUT,
    attempts: values.ATTEMPTS,
    backoffMinMs: values.BACKOFF_MIN,
    backoffMaxMs: values.BACKOFF_MAX,
    retryAfterMaxMs: values.RETRY_AFTER_MAX,
    breaker: {
      threshold: values.BREAKER_THRESHOLD,
      size,
      minimum: values.BREAKER_MINIMUM ?? Math.min(10, size),
      openMs: values.BREAKER_OPEN,
    },
    bulkhead: { limit: values.BULKHEAD_LIMIT },
  };
}

export const POLICY_SETTINGS = {
  PAGE_DEADLINE: setting(duration, '1000ms', 'how long a page waits for its calls in all'),
  ATTEMPT_TIMEOUT: setting(duration, '400ms', 'how long one attempt of a call may take'),
  ATTEMPTS: setting(count(1, 10), '2', 'attempts of a call, the first one included'),
  BACKOFF_MIN: setting(duration, '25ms', 'the shortest pause before another attempt'),
  BACKOFF_MAX: setting(duration, '75ms', 'the longest pause before another attempt'),
  RETRY_AFTER_MAX: setting(duration, '30s', 'how long a Retry-After is respected at most'),
  BREAKER_THRESHOLD: setting(share, '50%', 'the share of failed attempts that opens the breaker'),
  BREAKER_SIZE: setting(count(1, 10_000), '20', 'the attempts that the breaker looks back on'),
  BREAKER_MINIMUM: setting(optional(count(1, 10_000)), '', 'how many it must have seen (10)'),
  BREAKER_OPEN: setting(duration, '1s', 'how long the breaker stays open before a probe'),
  BULKHEAD_LIMIT: setting(count(1, 100_000), '500', 'attempts of a call under way at once'),
};
