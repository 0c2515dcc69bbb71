import { randomBytes, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parseDuration } from '../common/duration.ts';
import { BrownoutError, messageOf } from '../common/errors.ts';
import { parseSize } from '../common/size.ts';
import { didYouMean } from '../common/suggest.ts';
import type { PolicySettings } from './upstream/policy.ts';

/** Everything the portal can be told, complete. Times are in milliseconds, sizes in bytes. */
export interface PortalConfig {
  readonly stats: {
    /** Without a slash at the end; no user, password, query or fragment in it. */
    readonly baseUrl: string;
    /** Whom to trust where it is reached by TLS, in PEM; the well-known authorities unless given. */
    readonly ca: string | undefined;
    readonly bodyLimit: number;
    readonly policy: PolicySettings;
  };
  readonly tokens: {
    readonly secret: string;
    readonly accessMs: number;
    readonly refreshMs: number;
  };
  readonly logLevel: LogLevel;
  /** Calls the stats service as the original portal did, without any protection. */
  readonly unprotected: boolean;
}

export type LogLevel = (typeof LOG_LEVELS)[number];

type Env = Readonly<Record<string, string | undefined>>;

/**
 * The portal's configuration from environment variables; an empty variable counts as absent.
 * @throws {BrownoutError} `invalid_config`, naming the variable
 */
export function readConfig(env: Env, overrides: Partial<PortalConfig> = {}): PortalConfig {
  const config: PortalConfig = {
    stats: {
      baseUrl: read(env, 'STATS_TRACKER_URL', 'http://127.0.0.1:5000', baseUrl),
      ca: env['STATS_TRACKER_CA'] ? read(env, 'STATS_TRACKER_CA', '', certificates) : undefined,
      bodyLimit: read(env, 'STATS_BODY_LIMIT', '1MB', parseSize),
      policy: readPolicy(env),
    },
    tokens: {
      secret: env['JWT_SECRET'] || randomBytes(32).toString('base64url'),
      accessMs: read(env, 'ACCESS_TOKEN_LIFETIME', '1h', parseDuration),
      refreshMs: read(env, 'REFRESH_TOKEN_LIFETIME', '720h', parseDuration),
    },
    logLevel: read(env, 'LOG_LEVEL', 'info', logLevel),
    unprotected: false,
  };
  return { ...config, ...overrides };
}

function readPolicy(env: Env): PolicySettings {
  const backoffMinMs = read(env, 'BACKOFF_MIN', '25ms', duration);
  const size = read(env, 'BREAKER_SIZE', '20', count(1, 10_000));
  return {
    deadlineMs: read(env, 'PAGE_DEADLINE', '1000ms', duration),
    attemptTimeoutMs: read(env, 'ATTEMPT_TIMEOUT', '400ms', duration),
    attempts: read(env, 'ATTEMPTS', '2', count(1, 10)),
    backoffMinMs,
    backoffMaxMs: read(env, 'BACKOFF_MAX', '75ms', (text) => {
      const ms = duration(text);
      if (ms < backoffMinMs) throw new RangeError(`${text} is less than BACKOFF_MIN`);
      return ms;
    }),
    retryAfterMaxMs: read(env, 'RETRY_AFTER_MAX', '30s', duration),
    breaker: {
      threshold: read(env, 'BREAKER_THRESHOLD', '50%', share),
      size,
      minimum: read(env, 'BREAKER_MINIMUM', String(Math.min(10, size)), count(1, size)),
      openMs: read(env, 'BREAKER_OPEN', '1s', duration),
    },
    bulkhead: { limit: read(env, 'BULKHEAD_LIMIT', '500', count(1, 100_000)) },
  };
}

function read<T>(env: Env, name: string, fallback: string, parse: (text: string) => T): T {
  const text = env[name] || fallback;
  try {
    return parse(text);
  } catch (error) {
    throw new BrownoutError('invalid_config', `${name}: ${messageOf(error)}`, { cause: error });
  }
}

function baseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new RangeError(`expected a URL such as http://127.0.0.1:5000, got ${quote(text)}`);
  }
  // What stands here is written to the log with every failed call: it must not be able to hold a secret.
  if (url.username || url.password || url.search || url.hash) {
    throw new RangeError('expected a URL without user, password, query and fragment');
  }
  return url.origin + url.pathname.replace(/\/+$/, '');
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

function duration(text: string): number {
  const ms = parseDuration(text);
  if (ms < 1 || ms > MAX_TIMER_MS) throw new RangeError(`expected 1ms to 24 days, got ${text}`);
  return ms;
}

function count(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : NaN;
    if (value >= min && value <= max) return value;
    throw new RangeError(`expected a whole number from ${min} to ${max}, got ${quote(text)}`);
  };
}

function share(text: string): number {
  const match = /^(\d+(?:\.\d+)?)%$/.exec(text);
  const value = match ? Number(match[1]) / 100 : NaN;
  if (value > 0 && value < 1) return value;
  throw new RangeError(`expected a percentage between 0% and 100%, got ${quote(text)}`);
}

function logLevel(text: string): LogLevel {
  const level = LOG_LEVELS.find((known) => known === text);
  if (level) return level;
  throw new RangeError(`unknown level "${text}"${didYouMean(text, LOG_LEVELS)}`);
}

function quote(text: string): string {
  return JSON.stringify(text);
}

const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const;
// Node fires a timer at once when its delay does not fit 31 bits.
const MAX_TIMER_MS = 2 ** 31 - 1;
