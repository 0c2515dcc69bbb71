import type { Headers } from 'node-fetch';
import type { KeyView } from '../key-ring.ts';
import type { RandomHex, Trace } from '../trace.ts';

/** On whose behalf another service is asked. */
export interface Origin {
  readonly requestId: string;
  readonly trace: Trace;
}

export type Method = (typeof METHODS)[number];

export const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

/** A request before it is sent: to be changed in place. */
export interface Outgoing {
  readonly method: Method;
  url: string;
  /** Without those that are undefined or null. */
  headers: Record<string, string | null | undefined>;
  /** What `fetch` takes, once every plug has seen it. */
  body: unknown;
  /** How often this attempt has sent it before. */
  readonly resent: number;
}

/** An answer that has come whole: to be changed in place, its status too. */
export interface Reply {
  status: number;
  readonly headers: Headers;
  /** Its bytes, a Buffer, until a plug has made something else of them. */
  body: unknown;
  /** For how long the service asks to be left alone, where it does: what Retry-After says. */
  retryAfterMs: number | undefined;
}

/**
 * One thing that is done to every request and every answer of a service. What a hook throws becomes a failure of the call: a CallFailure
 * itself; anything else `unreachable` when nothing was sent, else `invalid_response`, both without another attempt.
 */
export interface Plug {
  /** `key-case` */
  readonly name: string;
  /** The name of a plug that, where it is in the list at all, must stand behind this one. */
  readonly before?: string;
  /** What it does for one call of a service; asked once, when the call is declared. */
  plugIn(parts: PlugParts): Hooks;
}

export interface Hooks {
  /** In the order of the list, for each request that is sent. */
  request?(outgoing: Outgoing, origin: Origin): void | Promise<void>;
  /** In the opposite order. `again` sends the request anew, through all plugs, within the same attempt. */
  response?(reply: Reply, outgoing: Outgoing): Verdict | Promise<Verdict>;
}

// oxlint-disable-next-line typescript/no-invalid-void-type -- a hook that has nothing to say returns nothing
export type Verdict = void | 'again';

export interface PlugParts {
  /** `leaderboard` */
  readonly call: string;
  readonly randomHex: RandomHex;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The keys of the service as this call knows them; undefined when it has none. */
  readonly keys: KeyView | undefined;
  readonly keyHeader: string;
  /** How many keys there are. */
  readonly keyCount: number;
  /** How long a limit is respected at most, in milliseconds. */
  readonly retryAfterMaxMs: number;
}

/** Whether it is a success with a whole document: nobody asks for a part. */
export function isWhole(status: number): boolean {
  return status >= 200 && status < 300 && status !== PARTIAL_CONTENT;
}

const PARTIAL_CONTENT = 206;
