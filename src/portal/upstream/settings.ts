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
  type Settings,
  type Values,
} from '../settings.ts';
import type { PolicySettings } from './policy.ts';
import { completeConfig, type ServiceConfig } from './service-config.ts';

/** What a service is called, and what its variables begin with. */
export interface ServiceNames {
  /** `matchmaker` */
  readonly name: string;
  /** `MATCHMAKER`: then `MATCHMAKER_KEYS` has its keys. */
  readonly prefix: string;
  /** Of the variables that say where it is, `_URL` and `_CA`; `prefix` unless given. */
  readonly addressPrefix?: string;
  /** Where it is unless its `_URL` says so. */
  readonly url?: string;
}

/** @throws {BrownoutError} `invalid_config`, naming the variable */
export function readStatsConfig(env: Env): ServiceConfig {
  return readServiceConfig(STATS, env);
}

/** @throws {BrownoutError} `invalid_config`, naming the variable, also for a service without an address */
export function readServiceConfig(names: ServiceNames, env: Env): ServiceConfig {
  const read = readSettings(serviceSettings(names), env);
  const values = Object.fromEntries(
    Object.keys(partsOf(names)).map((part) => [part, read[variable(names, part)]]),
  ) as Values<ReturnType<typeof partsOf>>;
  return completeConfig({
    name: names.name,
    baseUrl: values.URL,
    ca: values.CA,
    keys: values.KEYS,
    keyHeader: values.KEY_HEADER,
    userAgent: values.USER_AGENT,
    connectTimeoutMs: values.CONNECT_TIMEOUT,
    bodyLimit: values.BODY_LIMIT,
    messageField: values.MESSAGE_FIELD,
    codeField: values.CODE_FIELD,
    rateLimit: values.RATE_LIMIT && { ...values.RATE_LIMIT, queue: values.RATE_QUEUE },
    policy: readPolicy(env),
  });
}

/** Whether it is said where the service is. */
export function isConfigured(names: ServiceNames, env: Env): boolean {
  return Boolean(env[variable(names, 'URL')]);
}

/** Every variable of a service, by its whole name. */
export function serviceSettings(names: ServiceNames): Settings {
  const parts = Object.entries(partsOf(names));
  return Object.fromEntries(parts.map(([part, setting]) => [variable(names, part), setting]));
}

function variable({ prefix, addressPrefix = prefix }: ServiceNames, part: string): string {
  return `${part === 'URL' || part === 'CA' ? addressPrefix : prefix}_${part}`;
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

function partsOf({ name, url = '' }: ServiceNames) {
  return {
    URL: setting(baseUrl, url, `where the ${name} service is`),
    CA: setting(optional(certificates), '', `a PEM file to trust for ${name} calls`),
    KEYS: setting(keyList, '', 'who the portal is there: keys, separated by commas'),
    KEY_HEADER: setting(headerName, 'X-Api-Key', 'the header that carries a key'),
    USER_AGENT: setting(headerValue, 'brownout-portal', 'what the portal calls itself there'),
    CONNECT_TIMEOUT: setting(
      optional(duration),
      '',
      'how long opening a connection may take (as long as an attempt)',
    ),
    RATE_LIMIT: setting(optional(rate), '', 'how often it may be asked at most, such as 20/s'),
    RATE_QUEUE: setting(count(0, 100_000), '100', 'how many requests may wait for that limit'),
    MESSAGE_FIELD: setting(
      String,
      'status.message',
      'where its errors have the message that gateway routes pass on',
    ),
    CODE_FIELD: setting(
      optional(String),
      '',
      'where its errors have a code, which the catalogue of errors translates',
    ),
    BODY_LIMIT: setting(parseSize, '1MB', `the most that a ${name} answer may have`),
  };
}

const STATS: ServiceNames = {
  name: 'stats',
  prefix: 'STATS',
  addressPrefix: 'STATS_TRACKER',
  url: 'http://127.0.0.1:5000',
};

export const STATS_SETTINGS = serviceSettings(STATS);

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
