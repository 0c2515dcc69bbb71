import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { validateHeaderName, validateHeaderValue } from 'node:http';
import { parseSize } from '../../common/size.ts';
import {
  baseUrl,
  count,
  duration,
  optional,
  rate,
  readSettings,
  setting,
  type Env,
  type Settings,
  type Values,
} from '../settings.ts';
import { readPolicy } from './policy-settings.ts';
import { completeConfig, DEFAULTS, type ServiceConfig } from './service-config.ts';

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

function partsOf({ name, url = '' }: ServiceNames) {
  return {
    URL: setting(baseUrl, url, `where the ${name} service is`),
    CA: setting(optional(certificates), '', `a PEM file to trust for ${name} calls`),
    KEYS: setting(
      keyList,
      '',
      'keys to show there, separated by commas, of which the next is tried when one is limited',
    ),
    KEY_HEADER: setting(headerName, DEFAULTS.keyHeader, 'the header that carries a key'),
    USER_AGENT: setting(headerValue, DEFAULTS.userAgent, 'what the portal calls itself there'),
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
