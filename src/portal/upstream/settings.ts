import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { BrownoutError } from '../../common/errors.ts';
import { parseSize } from '../../common/size.ts';
import {
  baseUrl,
  count,
  duration,
  optional,
  readSettings,
  setting,
  share,
  type Env,
} from '../settings.ts';
import type { PolicySettings } from './policy.ts';
import { completeConfig, type ServiceConfig } from './service-config.ts';

/** @throws {BrownoutError} `invalid_config`, naming the variable */
export function readStatsConfig(env: Env): ServiceConfig {
  const values = readSettings(STATS_SETTINGS, env);
  return completeConfig({
    name: 'stats',
    baseUrl: values.STATS_TRACKER_URL,
    ca: values.STATS_TRACKER_CA,
    keys: values.STATS_KEYS,
    keyHeader: values.STATS_KEY_HEADER,
    userAgent: values.STATS_USER_AGENT,
    connectTimeoutMs: values.STATS_CONNECT_TIMEOUT,
    bodyLimit: values.STATS_BODY_LIMIT,
    messageField: values.STATS_MESSAGE_FIELD,
    rateLimit: values.STATS_RATE_LIMIT && {
      ...values.STATS_RATE_LIMIT,
      queue: values.STATS_RATE_QUEUE,
    },
    policy: readPolicy(env),
  });
}

/** How the calls of every service are protected. */
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

/** What stands in a file of certificates. */
function certificates(path: string): string {
  const pem = readFileSync(path, 'utf8');
  try {
    void new X509Certificate(pem);
  } catch (error) {
    throw new RangeError(`there is no certificate in ${path}`, { cause: error });
  }
  return pem;
}

/** `a,b`. What is wrong is said without them: they are secrets. */
function keyList(text: string): readonly string[] {
  const keys = text.split(',').map((key) => key.trim());
  if (text !== '' && keys.some((key) => !/^[\x21-\x7e]+$/.test(key))) {
    throw new RangeError('expected keys of visible ASCII characters, separated by commas');
  }
  return text === '' ? [] : keys;
}

function headerName(text: string): string {
  validateHeaderName(text);
  return text;
}

function headerValue(text: string): string {
  validateHeaderValue('user-agent', text);
  return text;
}

/** `20/s`, `100/2m` */
function rate(text: string): { readonly count: number; readonly perMs: number } {
  const [, most, every = ''] = /^(\d+)\/(.+)$/.exec(text) ?? [];
  if (most === undefined) throw new RangeError(`expected a rate such as 20/s, got ${text}`);
  const perMs = duration(/^\d/.test(every) ? every : `1${every}`);
  return { count: count(1, 100_000)(most), perMs };
}

export const STATS_SETTINGS = {
  STATS_TRACKER_URL: setting(baseUrl, 'http://127.0.0.1:5000', 'where the stats service is'),
  STATS_TRACKER_CA: setting(optional(certificates), '', 'a PEM file to trust for stats calls'),
  STATS_KEYS: setting(keyList, '', 'who the portal is there: keys, separated by commas'),
  STATS_KEY_HEADER: setting(headerName, 'X-Api-Key', 'the header that carries a key'),
  STATS_USER_AGENT: setting(headerValue, 'brownout-portal', 'what the portal calls itself there'),
  STATS_CONNECT_TIMEOUT: setting(
    optional(duration),
    '',
    'how long opening a connection may take (as long as an attempt)',
  ),
  STATS_RATE_LIMIT: setting(optional(rate), '', 'how often it may be asked at most, such as 20/s'),
  STATS_RATE_QUEUE: setting(count(0, 100_000), '100', 'how many requests may wait for that limit'),
  STATS_MESSAGE_FIELD: setting(
    String,
    'status.message',
    'where its errors have the message that gateway routes pass on',
  ),
  STATS_BODY_LIMIT: setting(parseSize, '1MB', 'the most that a stats answer may have'),
};

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
