import { BrownoutError } from '../../common/errors.ts';
import { phraseOf } from './messages.ts';
import { retryAfterSeconds } from './retry-after.ts';
import { inOneLine, type RequestProblem } from './problems.ts';

/** How loudly an error is logged. */
export type Severity = 'debug' | 'info' | 'warn' | 'error';

export interface HttpErrorOptions extends ErrorOptions {
  /** A word for programs, `not_found`; each class has its own. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Any JSON that tells the client more than the message, which stands for it where it is absent. */
  readonly detail?: unknown;
  /** What is wrong with the client's input, place by place. */
  readonly problems?: readonly RequestProblem[];
  /** After how many milliseconds asking again may help: sent as Retry-After, in whole seconds. */
  readonly retryAfterMs?: number | undefined;
  readonly severity?: Severity;
}

/**
 * An answer that is an error. Abstract: throw a class of `classes.ts`, or what `httpError(status)` gives. Its message is a sentence that
 * the client reads; what the client must not read belongs into `cause`, which only the log shows.
 * @throws {TypeError | RangeError} for a status that is none of 400 to 599, or a blank message
 */
export abstract class HttpError extends BrownoutError {
  /** 400 to 599. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly detail: unknown;
  readonly problems: readonly RequestProblem[];
  readonly severity: Severity;
  /** Where `handleErrors` is not mounted, Koa itself shows the message of a 4xx, and logs a 5xx. */
  readonly expose: boolean;

  constructor(status: number, message: string, options: HttpErrorOptions & { code: string }) {
    checkStatus(status);
    if (typeof message !== 'string' || message.trim() === '') {
      throw new TypeError(`expected a message for the client, got ${JSON.stringify(message)}`);
    }
    super(options.code, message, options);
    this.name = new.target.name;
    this.status = status;
    this.headers = { ...retryAfter(options.retryAfterMs), ...options.headers };
    this.detail = options.detail ?? message;
    this.problems = options.problems ?? [];
    this.severity = options.severity ?? (status >= 500 ? 'error' : 'info');
    this.expose = status < 500;
  }

  /** `404 Not Found`. */
  get title(): string {
    return `${this.status} ${phraseOf(this.status)}`;
  }

  /** Whether the client is told place by place what does not fit. */
  get isInvalid(): boolean {
    return this.status === 400 && this.problems.length > 0;
  }

  /** What a format says that has room for one line. */
  get line(): string {
    return this.isInvalid ? inOneLine(this.problems) : this.message;
  }

  override toString(): string {
    return this.title;
  }
}

function checkStatus(status: unknown): void {
  if (!Number.isInteger(status)) {
    throw new TypeError(`expected a status from 400 to 599, got ${JSON.stringify(status)}`);
  }
  const value = status as number;
  if (value < 400 || value > 599) {
    throw new RangeError(`expected a status from 400 to 599, got ${value}`);
  }
}

function retryAfter(ms: number | undefined): Record<string, string> {
  return ms === undefined ? {} : { 'Retry-After': retryAfterSeconds(ms) };
}
