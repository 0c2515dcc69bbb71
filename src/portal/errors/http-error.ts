import { BrownoutError, type Problem } from '../../common/errors.ts';

/** An answer that is an error. `status` is 400 to 599; the message is a sentence for the client. */
export class HttpError extends BrownoutError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What is wrong with the client's input, place by place. */
  readonly problems: readonly Problem[];

  constructor(status: number, code: string, message: string, options: HttpErrorOptions = {}) {
    super(code, message, options);
    this.name = 'HttpError';
    this.status = status;
    this.headers = options.headers ?? {};
    this.problems = options.problems ?? [];
  }
}

interface HttpErrorOptions extends ErrorOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly problems?: readonly Problem[];
}

export function badRequest(code: string, message: string, options?: HttpErrorOptions): HttpError {
  return new HttpError(400, code, message, options);
}

/** A 401 with the challenge of RFC 6750; `error` is left out where no token was presented. */
export function unauthorized(
  message: string,
  error?: 'invalid_token' | 'invalid_request',
  cause?: unknown,
): HttpError {
  const challenge = 'Bearer realm="portal"' + (error ? `, error="${error}"` : '');
  const headers = { 'WWW-Authenticate': challenge };
  return new HttpError(401, error ?? 'unauthorized', message, { headers, cause });
}

export function notFound(message: string): HttpError {
  return new HttpError(404, 'not_found', message);
}

export function methodNotAllowed(allowed: readonly string[]): HttpError {
  const message = `This resource knows ${allowed.join(', ')}.`;
  const headers = { Allow: allowed.join(', ') };
  return new HttpError(405, 'method_not_allowed', message, { headers });
}
