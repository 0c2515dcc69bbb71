import { BrownoutError, type Problem } from '../../common/errors.ts';

/** How loudly an error is logged. */
export type Severity = 'debug' | 'info' | 'warn' | 'error';

export interface HttpErrorOptions extends ErrorOptions {
  /** A word for programs, `not_found`; each class has its own. */
  readonly code?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** What is wrong with the client's input, place by place. */
  readonly problems?: readonly Problem[];
  /** After how many milliseconds asking again may help: sent as Retry-After, in whole seconds. */
  readonly retryAfterMs?: number | undefined;
  readonly severity?: Severity;
}

/**
 * An answer that is an error. Abstract: throw a class of `classes.ts`, or what `httpError(status)` gives. Its message is a sentence that
 * the client reads; what the client must not read belongs into `cause`, which only the log shows.
 */
export abstract class HttpError extends BrownoutError {
  /** 400 to 599. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly problems: readonly Problem[];
  readonly severity: Severity;

  constructor(status: number, message: string, options: HttpErrorOptions & { code: string }) {
    super(options.code, message, options);
    this.name = new.target.name;
    this.status = status;
    this.headers = { ...retryAfter(options.retryAfterMs), ...options.headers };
    this.problems = options.problems ?? [];
    this.severity = options.severity ?? (status >= 500 ? 'error' : 'info');
  }
}

function retryAfter(ms: number | undefined): Record<string, string> {
  return ms === undefined ? {} : { 'Retry-After': String(Math.max(1, Math.ceil(ms / 1000))) };
}
