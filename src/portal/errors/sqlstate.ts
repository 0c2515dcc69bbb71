import * as classes from './classes.ts';
import type { HttpError } from './http-error.ts';

export interface SqlstateOptions extends ErrorOptions {
  /** Something was being deleted: it is in use, where otherwise what a row refers to is missing. */
  readonly deleting?: boolean;
}

/**
 * What the client is told about an error that a database names by its SQLSTATE: never in the database's words. Undefined for a code that
 * tells of a mistake of ours.
 */
export function sqlstateError(code: string, options: SqlstateOptions = {}): HttpError | undefined {
  const { cause, deleting = false } = options;
  if (code === '23503' && deleting) return new classes.Conflict('This is in use.', { cause });
  const [, HttpClass, message] = TABLE.find(([prefix]) => code.startsWith(prefix)) ?? [];
  return HttpClass && new HttpClass(message, { cause });
}

const AWAY = 'What is needed for this cannot be reached now.';

/** By the code, or how it begins. */
const TABLE = [
  ['22P02', classes.BadRequest, 'A value has the wrong form.'],
  ['22021', classes.BadRequest, 'A text has a sign that cannot be kept.'],
  ['22003', classes.BadRequest, 'A number is out of range.'],
  ['22007', classes.BadRequest, 'A date or a time is not valid.'],
  ['22001', classes.BadRequest, 'A text is too long.'],
  ['23502', classes.BadRequest, 'A value is missing.'],
  ['23514', classes.BadRequest, 'A value is not allowed.'],
  ['23505', classes.Conflict, 'This exists already.'],
  ['23503', classes.NotFound, 'What this belongs to does not exist.'],
  ['08', classes.ServiceUnavailable, AWAY],
  ['53300', classes.ServiceUnavailable, AWAY],
  ['57P01', classes.ServiceUnavailable, AWAY],
  ['57P02', classes.ServiceUnavailable, AWAY],
  ['57P03', classes.ServiceUnavailable, AWAY],
  ['57014', classes.GatewayTimeout, 'This took too long.'],
  ['40001', classes.ServiceUnavailable, 'Too much happens to this at once.'],
  ['40P01', classes.ServiceUnavailable, 'Too much happens to this at once.'],
] as const;
