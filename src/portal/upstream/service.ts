import type { Logger } from 'pino';
import { BrownoutError } from '../../common/errors.ts';
import type { Random } from '../../common/random.ts';
import type { Observer } from '../observer.ts';
import { urlOf, type Ask } from './ask.ts';
import { exchange, type Line, type Progress } from './exchange.ts';
import { CallFailure } from './failure.ts';
import type { ServiceHandle } from './handle.ts';
import { createKeyRing } from './key-ring.ts';
import { createForcedOutage } from './outage.ts';
import type { Hooks, Method, Origin, Reply } from './plugs/plug.ts';
import { createPolicy, type Policy } from './policy.ts';
import { createRateLimit } from './rate-limit.ts';
import { createReporter } from './report.ts';
import { completeConfig, type ServiceOptions } from './service-config.ts';
import type { RandomHex } from './trace.ts';
import { openTransport, type Fetch } from './transport.ts';

export type { Ask } from './ask.ts';
export type { Origin } from './plugs/plug.ts';

/** Another service that can be asked. */
export interface Service extends ServiceHandle {
  /**
   * Declares a call, with a policy and a breaker of its own.
   * @throws {BrownoutError} `invalid_config` for a method that the configuration does not allow, or a name that is taken
   */
  call<T>(spec: CallSpec<T>): Call<T>;
  /** Gives up what is under way and closes every connection. */
  close(): void;
}

export interface CallSpec<T> {
  /** `leaderboard` */
  readonly name: string;
  /** GET unless given. Only what may be done twice is tried twice: a POST or PATCH gets one attempt. */
  readonly method?: Method;
  /**
   * Turns the document, whatever the plugs have made of it, into what is wanted.
   * Throws {CallFailure} `invalid_response` when it is not that; anything else that it throws means the same.
   */
  readonly read: (document: unknown, reply: Reply) => T;
}

/** What became of a call. `attempts` counts the requests that were really sent. */
export type Outcome<T> = { readonly attempts: number; readonly durationMs: number } & (
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: CallFailure }
);

/**
 * Asks once within the policy. Never rejects for what the service does.
 * @throws {HttpError} 400 `invalid_id`, before anything is sent
 */
export type Call<T> = (ask: Ask, origin: Origin) => Promise<Outcome<T>>;

export interface ServiceDependencies {
  readonly fetch: Fetch;
  readonly log: Logger;
  readonly random: Random;
  readonly randomHex: RandomHex;
  /** Milliseconds since 1970, never going back. */
  readonly now: () => number;
  readonly observer?: Observer;
}

/**
 * Another service, of which a name and an address have to be told. Nothing is sent until it is called.
 * @throws {BrownoutError} `invalid_config`
 */
export function createService(options: ServiceOptions, dependencies: ServiceDependencies): Service {
  const config = completeConfig(options);
  const { fetch, log, random, randomHex, now, observer = {} } = dependencies;
  const transport = openTransport(fetch, config);
  const outage = createForcedOutage(now);
  const ring = config.keys.length > 0 ? createKeyRing(config.keys, now) : undefined;
  const rateLimit = config.rateLimit && createRateLimit(config.rateLimit, now);
  const headers = {
    accept: 'application/json',
    'user-agent': config.userAgent,
    ...config.headers,
  };
  const report = createReporter(config, log, observer);
  const policies = new Map<string, Policy>();

  function policyOf(call: string, method: Method): Policy {
    const { policy } = config;
    return createPolicy(REPEATABLE.has(method) ? policy : { ...policy, attempts: 1 }, {
      random,
      now,
      outage,
      rateLimit,
      breakerChanged: (state) => observer.breaker?.({ service: config.name, call, state }),
    });
  }

  function hooksOf(call: string): readonly Hooks[] {
    const { keyHeader, policy } = config;
    const { retryAfterMaxMs } = policy;
    const keyCount = config.keys.length;
    const keys = ring?.view();
    const parts = { call, randomHex, now, keys, keyHeader, keyCount, retryAfterMaxMs };
    return config.plugs.map((plug) => plug.plugIn(parts));
  }

  function declare(name: string, method: Method): void {
    const wrong = !config.methods.includes(method)
      ? `the method ${method} is not among ${config.methods.join(', ')}`
      : policies.has(name) && 'another call has this name';
    if (wrong) {
      throw new BrownoutError('invalid_config', `service ${config.name}: call ${name}: ${wrong}`);
    }
  }

  return {
    name: config.name,

    call({ name, method = 'GET', read }) {
      declare(name, method);
      const policy = policyOf(name, method);
      policies.set(name, policy);
      const hooks = hooksOf(name);
      const line: Line = {
        ...config,
        fetch: transport.fetch,
        now,
        method,
        headers,
        before: hooks.filter((one) => one.request !== undefined) as Line['before'],
        after: hooks.filter((one) => one.response !== undefined).reverse() as Line['after'],
        async mayResend(signal) {
          const refused = outage.refusal();
          if (refused) throw refused;
          // No waiting within an attempt: its time is for the service.
          await rateLimit?.turn(0, signal);
        },
      };

      return async (ask, origin) => {
        const url = urlOf(config.baseUrl, ask);
        const startedAt = now();
        const progress: Progress = { attempts: 0, status: undefined, said: undefined };
        let failure = policy.refusal();
        let value;
        if (!failure) {
          const { headers, body } = ask;
          const question = { url, headers, body, origin };
          const attempt = async (signal: AbortSignal) => {
            const reply = await exchange(line, question, progress, signal);
            return model(read, reply);
          };
          try {
            value = await policy.execute(attempt, transport.closing);
          } catch (error) {
            failure = error as CallFailure;
          }
        }
        const { attempts } = progress;
        const durationMs = Math.round(now() - startedAt);
        report(name, ask, origin, { ...progress, durationMs, failure });
        return failure
          ? { ok: false, failure, attempts, durationMs }
          : { ok: true, value: value as Awaited<ReturnType<typeof read>>, attempts, durationMs };
      };
    },

    states: () =>
      [...policies].map(([call, { breaker }]) => ({
        call,
        breaker: breaker.state(),
        since: breaker.since(),
      })),
    forceOutage: () => outage.begin(),
    endOutage: () => outage.end(),
    forcedSince: () => outage.since,
    close: () => transport.close(),
  };
}

function model<T>(read: CallSpec<T>['read'], reply: Reply): T {
  try {
    return read(reply.body, reply);
  } catch (error) {
    if (error instanceof CallFailure) throw error;
    throw new CallFailure('invalid_response', 'not what was asked for', { cause: error });
  }
}

/** Doing it twice does what doing it once does. */
const REPEATABLE: ReadonlySet<Method> = new Set(['GET', 'PUT', 'DELETE'] as const);
