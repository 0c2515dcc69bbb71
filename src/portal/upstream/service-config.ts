import { validateHeaderName, validateHeaderValue } from 'node:http';
import { BrownoutError, messageOf } from '../../common/errors.ts';
import { baseUrl } from '../settings.ts';
import { checkPlugs, DEFAULT_PLUGS } from './plugs/catalogue.ts';
import { METHODS, type Method, type Plug } from './plugs/plug.ts';
import { readPolicy } from './policy-settings.ts';
import type { PolicySettings } from './policy.ts';
import type { RateLimitSettings } from './rate-limit.ts';

/** Another service: where it is, what goes there and may come from it, and how its calls are protected. */
export interface ServiceConfig {
  /** `stats`: in logs, metrics and addresses of operators. */
  readonly name: string;
  /** Without a slash at the end; no user, password, query or fragment in it. */
  readonly baseUrl: string;
  /** Whom to trust where it is reached by TLS, in PEM; the well-known authorities unless given. */
  readonly ca: string | undefined;
  readonly userAgent: string;
  /** Of every request. Those that are undefined or null are not sent. */
  readonly headers: Readonly<Record<string, string | null | undefined>>;
  /** Who the portal is there; of several, the next is tried when one is limited. They are in no log and no error. */
  readonly keys: readonly string[];
  readonly keyHeader: string;
  /** The methods that calls may use. */
  readonly methods: readonly Method[];
  /** How long opening a connection may take; as long as an attempt unless given. */
  readonly connectTimeoutMs: number | undefined;
  /** The most bytes that an answer may have. */
  readonly bodyLimit: number;
  /** Where the body of a 4xx has the message that may be shown: `status.message`. None is shown unless given. */
  readonly messageField: string | undefined;
  /** Where the body of an error has the service's own code of what went wrong: `status.code`. None is looked for unless given. */
  readonly codeField: string | undefined;
  /** How often all calls together may ask; as often as they like unless given. */
  readonly rateLimit: RateLimitSettings | undefined;
  /** What is done to requests and answers, in this order; the breaker is the first. */
  readonly plugs: readonly Plug[];
  readonly policy: PolicySettings;
}

/** What has to be said of a service, and what may be. */
export type ServiceOptions = Pick<ServiceConfig, 'name' | 'baseUrl'> &
  Partial<Omit<ServiceConfig, 'policy'>> & { readonly policy?: Partial<PolicySettings> };

/**
 * The whole configuration of a service.
 * @throws {BrownoutError} `invalid_config`
 */
export function completeConfig(options: ServiceOptions): ServiceConfig {
  if (!NAME.test(options.name ?? '')) {
    throw new BrownoutError(
      'invalid_config',
      'a service needs a name of lower-case letters, digits and dashes, such as stats',
    );
  }
  const config = { ...DEFAULTS, ...options, policy: { ...DEFAULT_POLICY, ...options.policy } };
  const check = (what: string, work: () => void) => {
    try {
      work();
    } catch (error) {
      const message = `service ${config.name}: ${what}: ${messageOf(error)}`;
      throw new BrownoutError('invalid_config', message);
    }
  };
  check('baseUrl', () => baseUrl(config.baseUrl ?? ''));
  check('methods', () => knownMethods(config.methods));
  check('bodyLimit', () => positive('bodyLimit', config.bodyLimit));
  check('policy', () => soundPolicy(config.policy));
  check('userAgent', () => validateHeaderValue('user-agent', config.userAgent));
  check('keyHeader', () => validateHeaderName(config.keyHeader));
  check('keys', () => config.keys.forEach(plainKey));
  check('headers', () =>
    Object.entries<string | null | undefined>(config.headers).forEach(plainHeader),
  );
  checkPlugs(config.name, config.plugs);
  return { ...config, baseUrl: baseUrl(config.baseUrl) };
}

function knownMethods(methods: readonly Method[]): void {
  const unknown = methods.filter((method) => !METHODS.includes(method));
  if (methods.length > 0 && unknown.length === 0) return;
  throw new RangeError(`expected ${METHODS.join(', ')}, got ${unknown.join(', ') || 'none'}`);
}

function soundPolicy({ breaker, bulkhead, ...policy }: PolicySettings): void {
  const { backoffMinMs, backoffMaxMs, ...positives } = { ...policy, ...breaker, ...bulkhead };
  for (const [name, value] of Object.entries(positives)) positive(name, value);
  if (!(backoffMinMs >= 0 && backoffMaxMs >= backoffMinMs)) {
    throw new RangeError('backoffMinMs to backoffMaxMs is no range of times');
  }
}

function positive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) {
    throw new RangeError(`${name}: expected a number above 0, got ${value}`);
  }
}

// What is wrong is said without the key: start-up errors are written to logs.
function plainKey(key: string): void {
  if (!/^[\x21-\x7e]+$/.test(key))
    throw new RangeError('a key has characters that no header holds');
}

function plainHeader([name, value]: [string, string | null | undefined]): void {
  validateHeaderName(name);
  // Nobody is logged in here: a cookie could only be one person's.
  if (/^cookie$/i.test(name)) throw new RangeError('cookies are not sent to services');
  if (value !== undefined && value !== null) validateHeaderValue(name, value);
}

const NAME = /^[a-z][a-z0-9-]{0,39}$/;

/** What the environment gives when it says nothing. */
const DEFAULT_POLICY = readPolicy({});

/** What a service has of which nobody says otherwise. */
export const DEFAULTS = {
  ca: undefined,
  userAgent: 'brownout-portal',
  headers: {},
  keys: [],
  keyHeader: 'X-Api-Key',
  methods: ['GET'],
  connectTimeoutMs: undefined,
  bodyLimit: 1024 * 1024,
  messageField: undefined,
  codeField: undefined,
  rateLimit: undefined,
  plugs: DEFAULT_PLUGS,
} as const satisfies Partial<ServiceConfig>;
