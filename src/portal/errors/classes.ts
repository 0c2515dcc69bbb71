import { HttpError, type HttpErrorOptions } from './http-error.ts';

export class BadRequest extends HttpError {
  constructor(message = 'The request is not valid.', options: HttpErrorOptions = {}) {
    super(400, message, { code: 'bad_request', ...options });
  }
}

export class Forbidden extends HttpError {
  constructor(message = 'You may not do this.', options: HttpErrorOptions = {}) {
    super(403, message, { code: 'forbidden', ...options });
  }
}

export class NotFound extends HttpError {
  constructor(message = 'There is nothing at this address.', options: HttpErrorOptions = {}) {
    super(404, message, { code: 'not_found', ...options });
  }
}

export class NotAcceptable extends HttpError {
  constructor(
    message = 'There is no form of this that you accept.',
    options: HttpErrorOptions = {},
  ) {
    super(406, message, { code: 'not_acceptable', ...options });
  }
}

export class Conflict extends HttpError {
  constructor(message = 'This is in conflict with what is there.', options: HttpErrorOptions = {}) {
    super(409, message, { code: 'conflict', ...options });
  }
}

export class PayloadTooLarge extends HttpError {
  constructor(message = 'The body is too large.', options: HttpErrorOptions = {}) {
    super(413, message, { code: 'body_too_large', ...options });
  }
}

export class UnsupportedMediaType extends HttpError {
  constructor(
    message = 'The body has a type that cannot be read here.',
    options: HttpErrorOptions = {},
  ) {
    super(415, message, { code: 'unsupported_media_type', ...options });
  }
}

export class UnprocessableContent extends HttpError {
  constructor(message = 'The request is not valid.', options: HttpErrorOptions = {}) {
    super(422, message, { code: 'unprocessable_content', ...options });
  }
}

export class TooManyRequests extends HttpError {
  constructor(message = 'Too many requests.', options: HttpErrorOptions = {}) {
    super(429, message, { code: 'rate_limited', ...options });
  }
}

export class InternalServerError extends HttpError {
  constructor(message = 'Something went wrong on our side.', options: HttpErrorOptions = {}) {
    super(500, message, { code: 'internal', ...options });
  }
}

export class BadGateway extends HttpError {
  constructor(
    message = 'A service behind this one gave no usable answer.',
    options: HttpErrorOptions = {},
  ) {
    super(502, message, { code: 'bad_gateway', ...options });
  }
}

export class ServiceUnavailable extends HttpError {
  constructor(message = 'This is not available now.', options: HttpErrorOptions = {}) {
    super(503, message, { code: 'unavailable', ...options });
  }
}

export class GatewayTimeout extends HttpError {
  constructor(
    message = 'A service behind this one did not answer in time.',
    options: HttpErrorOptions = {},
  ) {
    super(504, message, { code: 'gateway_timeout', ...options });
  }
}

/** Carries the challenge without which a client does not know how to prove who it is. */
export class Unauthorized extends HttpError {
  constructor(message = 'Say who you are.', options: HttpErrorOptions & Challenge = {}) {
    const headers = { 'WWW-Authenticate': options.challenge ?? 'Bearer', ...options.headers };
    super(401, message, { code: 'unauthorized', ...options, headers });
  }
}

interface Challenge {
  /** `Bearer realm="portal"` */
  readonly challenge?: string;
}

/** @param allow the methods that the resource knows */
export class MethodNotAllowed extends HttpError {
  constructor(
    message = 'This resource does not know this method.',
    options: HttpErrorOptions & { readonly allow?: readonly string[] } = {},
  ) {
    const headers = { Allow: (options.allow ?? []).join(', '), ...options.headers };
    super(405, message, { code: 'method_not_allowed', ...options, headers });
  }
}
