import * as classes from './classes.ts';
import { ClientError, ServerError } from './families.ts';
import type { HttpError, HttpErrorOptions } from './http-error.ts';

/**
 * The error of a status: of its own class (404 is a NotFound), or of its family where it has none (418 is a ClientError).
 * @param message for the client; each status has one of its own
 * @throws {TypeError | RangeError} for anything but 400 to 599
 */
export function httpError(
  status: number,
  message?: string,
  options: HttpErrorOptions = {},
): HttpError {
  const Known = BY_STATUS.get(status);
  if (Known) return new Known(message, options);
  const Family = status < 500 ? ClientError : ServerError;
  return new Family(status, message, options);
}

const BY_STATUS = new Map(
  Object.values(classes).map((HttpClass) => [new HttpClass().status, HttpClass]),
);
