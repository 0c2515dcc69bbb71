import { BrownoutError } from '../../common/errors.ts';

/**
 * What a database refused, or that it could not be reached, by its SQLSTATE whatever the database. `code` is the SQLSTATE; 08006 where
 * the database is away. Its message is for the log alone.
 */
export class DatabaseError extends BrownoutError {
  constructor(sqlstate: string, message: string, options?: ErrorOptions) {
    super(sqlstate, message, options);
    this.name = 'DatabaseError';
  }
}
