import { ClientError, ServerError } from './families.ts';
import type { HttpErrorOptions } from './http-error.ts';

export class BadRequest extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(400, message, options);
  }
}

/** Carries the challenge without which a client does not know how to prove who it is. */
export class Unauthorized extends ClientError {
  constructor(message?: string, options: HttpErrorOptions & Challenge = {}) {
    const headers = { 'WWW-Authenticate': options.challenge ?? 'Bearer', ...options.headers };
    super(401, message, { ...options, headers });
  }
}

interface Challenge {
  /** `Bearer realm="portal"` */
  readonly challenge?: string;
}

export class Forbidden extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(403, message, options);
  }
}

export class NotFound extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(404, message, options);
  }
}

/** Tells which methods the resource knows. */
export class MethodNotAllowed extends ClientError {
  constructor(
    message?: string,
    options: HttpErrorOptions & { readonly allow?: readonly string[] } = {},
  ) {
    const headers = { ...(options.allow && { Allow: options.allow.join(', ') }) };
    super(405, message, { ...options, headers: { ...headers, ...options.headers } });
  }
}

export class NotAcceptable extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(406, message, options);
  }
}

export class Conflict extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(409, message, options);
  }
}

export class PayloadTooLarge extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(413, message, { code: 'body_too_large', ...options });
  }
}

export class UnsupportedMediaType extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(415, message, options);
  }
}

export class UnprocessableContent extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(422, message, { code: 'unprocessable_content', ...options });
  }
}

export class TooManyRequests extends ClientError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(429, message, { code: 'rate_limited', retryAfterMs: RETRY_AFTER_MS, ...options });
  }
}

export class InternalServerError extends ServerError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(500, message, { code: 'internal', ...options });
  }
}

// What fails behind this service is expected to, now and then: a line in the log, but no alarm and no stack.

export class BadGateway extends ServerError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(502, message, { severity: 'warn', ...options });
  }
}

export class ServiceUnavailable extends ServerError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(503, message, {
      code: 'unavailable',
      severity: 'warn',
      retryAfterMs: RETRY_AFTER_MS,
      ...options,
    });
  }
}

export class GatewayTimeout extends ServerError {
  constructor(message?: string, options: HttpErrorOptions = {}) {
    super(504, message, { severity: 'warn', ...options });
  }
}

/** What a client is told where nobody knows when asking again will help. */
const RETRY_AFTER_MS = 5000;
