import { HttpError, type HttpErrorOptions } from './http-error.ts';
import { phraseOf, standardMessage } from './messages.ts';

/** What the client did wrong: 400 to 499. The parent of every class of such a status, and the class of those that have none. */
export class ClientError extends HttpError {
  constructor(status: number, message = messageFor(status), options: HttpErrorOptions = {}) {
    super(status, message, { code: codeFor(status), ...options });
    if (status > 499) throw new RangeError(`expected a status from 400 to 499, got ${status}`);
  }
}

/** What went wrong on this side, or behind it: 500 to 599. */
export class ServerError extends HttpError {
  constructor(status: number, message = messageFor(status), options: HttpErrorOptions = {}) {
    super(status, message, { code: codeFor(status), ...options });
    if (status < 500) throw new RangeError(`expected a status from 500 to 599, got ${status}`);
  }
}

function messageFor(status: number): string {
  return standardMessage(status, `${phraseOf(status)}.`);
}

/** `im_a_teapot`. */
function codeFor(status: number): string {
  return phraseOf(status)
    .toLowerCase()
    .replaceAll("'", '')
    .replaceAll(/[^a-z]+/g, '_');
}
