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
  /** For how many milliseconds the service asks to be left alone. */
  readonly retryAfterMs: number | undefined;

  constructor(reason: FailureReason, message: string, options: FailureOptions = {}) {
    super(reason, message, options);
    this.name = 'CallFailure';
    this.reason = reason;
    this.retryable = options.retryable ?? true;
    this.transient = options.transient ?? false;
    this.retryAfterMs = options.retryAfterMs;
  }
}

interface FailureOptions extends ErrorOptions {
  readonly retryable?: boolean;
  readonly transient?: boolean;
  readonly retryAfterMs?: number | undefined;
}

/** The failure that a status is which promises no whole document, whatever the body says. */
export function statusFailure(status: number, retryAfterMs: number | undefined): CallFailure {
  const message = `answered ${status}`;
  if (status === 429) return new CallFailure('rate_limited', message, { retryAfterMs });
  const transient = status >= 500;
  return new CallFailure('bad_status', message, { retryable: transient, transient, retryAfterMs });
}

/** The failure behind whatever `fetch` or a body's stream threw. */
export function transportFailure(error: unknown): CallFailure {
  const { code = '', message = String(error) } = error as Partial<NodeJS.ErrnoException>;
  // node-fetch puts the URL, which holds the player's id, before the reason.
  const cause = message.split('reason: ').at(-1) ?? message;
  const text = cause.includes(code) ? cause : `${code} ${cause}`;
  return NOT_THE_NETWORK.test(code)
    ? new CallFailure('invalid_response', text, { cause: error })
    : new CallFailure('unreachable', text, { cause: error, transient: true });
}

// Of Node's HTTP parser, zlib and Brotli: the service was reached and sent what nobody can read.
const NOT_THE_NETWORK = /^(HPE_|Z_|ERR__ERROR_|ERR_BROTLI)/;
