import type { Random } from '../../common/random.ts';
import { exchange } from './exchange.ts';
import type { CallFailure } from './failure.ts';
import { createPolicy, type PolicySettings } from './policy.ts';
import { segment } from './segment.ts';
import { traceHeaders, type RandomHex, type Trace } from './trace.ts';
import type { Transport } from './transport.ts';

/** On whose behalf another service is asked. */
export interface Cause {
  readonly requestId: string;
  readonly trace: Trace;
}

/** What became of a call. `attempts` counts the requests that were really sent. */
export type Outcome<T> = { readonly attempts: number; readonly durationMs: number } & (
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly failure: CallFailure }
);

/**
 * Asks for the document at a path of these segments.
 * @throws {HttpError} 400 `invalid_id`, before anything is sent
 */
export type Call<T> = (path: readonly string[], cause: Cause) => Promise<Outcome<T>>;

export interface UpstreamDependencies {
  readonly transport: Transport;
  readonly random: Random;
  readonly randomHex: RandomHex;
  /** Milliseconds since 1970, never going back. */
  readonly now: () => number;
}

/** Another service that can be asked: where it is and how its calls are protected. */
export interface Upstream {
  /**
   * A call with a policy of its own. `read` turns the JSON document into what is wanted.
   * `read` throws {CallFailure} `invalid_response` when the document is not that.
   */
  call<T>(read: (document: unknown) => T): Call<T>;
  /** The address of a path as it is sent. */
  urlOf(path: readonly string[]): string;
}

export function createUpstream(
  config: { readonly baseUrl: string; readonly bodyLimit: number; readonly policy: PolicySettings },
  { transport, random, randomHex, now }: UpstreamDependencies,
): Upstream {
  const urlOf = (path: readonly string[]) => [config.baseUrl, ...path.map(segment)].join('/');
  return {
    urlOf,
    call(read) {
      const policy = createPolicy(config.policy, random, now);
      return async (path, { requestId, trace }) => {
        const url = urlOf(path);
        const startedAt = now();
        let attempts = 0;
        const told = () => ({ attempts, durationMs: Math.round(now() - startedAt) });
        const ask = async (signal: AbortSignal) => {
          const headers = { ...traceHeaders(trace, randomHex), 'x-request-id': requestId };
          const { bodyLimit } = config;
          return read(await exchange(transport.fetch, { url, headers, bodyLimit, signal, now }));
        };
        try {
          const value = await transport.during((signal) =>
            policy(ask, signal, () => (attempts += 1)),
          );
          return { ok: true, value, ...told() };
        } catch (error) {
          return { ok: false, failure: error as CallFailure, ...told() };
        }
      };
    },
  };
}
