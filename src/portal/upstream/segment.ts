import { BadRequest } from '../errors/classes.ts';

/**
 * An id as one segment of a URL's path, percent-encoded.
 * @throws {HttpError} 400 `invalid_id` for an id that no path can hold
 */
export function segment(id: string): string {
  // URLs drop `.` and `..`, even written as %2e, and empty segments: there is no way to send them. A lone surrogate
  // has no UTF-8. No service can know such an id, so nobody is asked.
  if (id === '' || id === '.' || id === '..') throw invalidId();
  try {
    return encodeURIComponent(id);
  } catch {
    throw invalidId();
  }
}

function invalidId(): Error {
  return new BadRequest('The path holds an id that cannot exist.', { code: 'invalid_id' });
}
