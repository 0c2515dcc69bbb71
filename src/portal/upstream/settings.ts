import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { parseSize } from '../../common/size.ts';
import {
  baseUrl,
  count,
  duration,
  optional,
  readSettings,
  setting,
  type Env,
} from '../settings.ts';
import { readPolicy } from './policy-settings.ts';
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
