import { parseDuration } from '../../common/duration.ts';
import { BrownoutError } from '../../common/errors.ts';
import { count, duration, optional, rate, readSettings, setting, type Env } from '../settings.ts';
import type { Limit } from './limiter.ts';

/** How the portal meets its clients. Times are in milliseconds. */
export interface HttpConfig {
  /** Other sites whose pages may use the portal: origins, or `*` for all. */
  readonly corsOrigins: readonly string[];
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly stopGraceMs: number;
  readonly trustedProxies: number;
  readonly requestLimit: Limit | undefined;
  readonly guessLimit: Limit;
}

/** @throws {BrownoutError} `invalid_config`, naming the variable */
export function readHttpConfig(env: Env): HttpConfig {
  const values = readSettings(HTTP_SETTINGS, env);
  if (values.HEADERS_TIMEOUT > values.REQUEST_TIMEOUT) {
    const message =
      'HEADERS_TIMEOUT: is more than REQUEST_TIMEOUT, in which the headers have to fit';
    throw new BrownoutError('invalid_config', message);
  }
  return {
    corsOrigins: values.CORS_ORIGINS,
    headersTimeoutMs: values.HEADERS_TIMEOUT,
    requestTimeoutMs: values.REQUEST_TIMEOUT,
    stopGraceMs: values.STOP_GRACE,
    trustedProxies: values.TRUSTED_PROXIES,
    requestLimit: values.REQUEST_LIMIT,
    guessLimit: values.GUESS_LIMIT,
  };
}

function durationOrNone(text: string): number {
  return parseDuration(text) === 0 ? 0 : duration(text);
}

function origins(text: string): readonly string[] {
  const given = text.split(/[\s,]+/).filter((origin) => origin !== '');
  for (const origin of given) {
    if (origin !== '*' && !(URL.canParse(origin) && new URL(origin).origin === origin)) {
      throw new RangeError(
        `expected an origin such as https://games.example.test, got ${JSON.stringify(origin)}`,
      );
    }
  }
  return given;
}

export const HTTP_SETTINGS = {
  HEADERS_TIMEOUT: setting(duration, '10s', 'how long the headers of a request may take to come'),
  REQUEST_TIMEOUT: setting(duration, '30s', 'how long a whole request may take to come'),
  STOP_GRACE: setting(
    durationOrNone,
    '2s',
    'how long requests under way may go on once the portal is told to stop',
  ),
  REQUEST_LIMIT: setting(
    optional(rate),
    '',
    'requests that one address may send, such as 100/s (no limit)',
  ),
  GUESS_LIMIT: setting(rate, '100/m', 'wrong passwords and new accounts that one address may send'),
  TRUSTED_PROXIES: setting(
    count(0, 10),
    '0',
    'how many proxies stand before the portal, whose X-Forwarded-For is true',
  ),
  CORS_ORIGINS: setting(
    origins,
    '',
    'other sites whose pages may use the portal, such as https://games.example.test, or * (none)',
  ),
};
