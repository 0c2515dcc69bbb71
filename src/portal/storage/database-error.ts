import { BrownoutError } from '../../common/errors.ts';

/**
 * What a database refused, or that it could not be reached, by its SQLSTATE whatever the database. `code` is the SQLSTATE; 08006 where
 * the database is away. Its message is for the log alone, and begins with the SQLSTATE.
 */
export class DatabaseError extends BrownoutError {
  /** Which rule of the database was broken, where it tells: `accounts_email_key`. SQLite does not tell it of foreign keys. */
  readonly constraint: string | undefined;

  constructor(sqlstate: string, message: string, options: DatabaseErrorOptions = {}) {
    super(sqlstate, `${sqlstate}: ${message}`, options);
    this.name = 'DatabaseError';
    this.constraint = options.constraint;
  }
}

interface DatabaseErrorOptions extends ErrorOptions {
  readonly constraint?: string | undefined;
}

export function noAnswer(ms: number): DatabaseError {
  return new DatabaseError('08006', `the database did not answer within ${ms} ms`);
}
