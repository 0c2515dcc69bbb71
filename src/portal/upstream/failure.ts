import { BrownoutError } from '../../common/errors.ts';

/** Why a call to another service gave nothing, as clients of the portal read it. */
export type FailureReason =
  | 'timeout'
  | 'unreachable'
  | 'bad_status'
  | 'invalid_response'
  | 'circuit_open'
  | 'rate_limited'
  | 'forced';

/** A call to another service that failed. Its message is for the log alone: it may name addresses. */
export class CallFailure extends BrownoutError {
  readonly reason: FailureReason;
  /** Whether it makes sense for the client to ask again. */
  readonly retryable: boolean;
  /** The service itself is in trouble: worth a second attempt, and counted by the breaker. */
  readonly transient: boolean;
  /** For how many milliseconds the service is to be left alone, as far as that is known. */
  readonly retryAfterMs: number | undefined;
  /** What the service answered, if it answered. */
  readonly status: number | undefined;
  /**
   * What a 4xx says in the field that the service's configuration declares: verbatim but for our keys, control characters and what is
   * beyond a thousand characters.
   */
  readonly said: string | undefined;
  /** The service's own code of what went wrong, from the field of an error that its configuration declares. */
  readonly saidCode: string | undefined;
  /** Since when nothing is sent, in milliseconds since 1970: of `circuit_open` and `forced`. */
  readonly since: number | undefined;

  constructor(reason: FailureReason, message: string, options: FailureOptions = {}) {
    super(reason, message, options);
    this.name = 'CallFailure';
    this.reason = reason;
    this.retryable = options.retryable ?? true;
    this.transient = options.transient ?? false;
    this.retryAfterMs = options.retryAfterMs;
    this.status = options.status;
    this.said = options.said;
    this.saidCode = options.saidCode;
    this.since = options.since;
  }
}

export interface FailureOptions extends ErrorOptions {
  readonly retryable?: boolean;
  readonly transient?: boolean;
  readonly retryAfterMs?: number | undefined;
  readonly status?: number | undefined;
  readonly said?: string | undefined;
  readonly saidCode?: string | undefined;
  readonly since?: number | undefined;
}

/** The failure that a status is which promises no whole document, whatever the body says. */
export function statusFailure(
  status: number,
  facts: Pick<FailureOptions, 'retryAfterMs' | 'said' | 'saidCode'>,
): CallFailure {
  const message = `answered ${status}`;
  if (status === 429) return new CallFailure('rate_limited', message, { ...facts, status });
  const transient = status >= 500;
  const options = { ...facts, status, retryable: transient, transient };
  return new CallFailure('bad_status', message, options);
}

/** The failure behind whatever `fetch` or a body's stream threw. */
export function transportFailure(error: unknown): CallFailure {
  const { code = '', message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  // node-fetch puts the URL, which holds the player's id, before the reason. The log shows causes, too, so such an error is none.
  const reason = message.split('reason: ').at(-1) ?? message;
  const known = reason === message ? { cause: error } : {};
  const text = reason.includes(code) ? reason : `${code} ${reason}`;
  if (code === SLOW_CONNECTION) {
    return new CallFailure('timeout', text, { ...known, transient: true });
  }
  return NOT_THE_NETWORK.test(code)
    ? new CallFailure('invalid_response', text, known)
    : new CallFailure('unreachable', text, { ...known, transient: true });
}

/** The code of the error that ends a connection which did not open in time. */
export const SLOW_CONNECTION = 'ECONNECTTIMEOUT';

// Of Node's HTTP parser, zlib and Brotli: the service was reached and sent what nobody can read.
const NOT_THE_NETWORK = /^(HPE_|Z_|ERR__ERROR_|ERR_BROTLI)/;
