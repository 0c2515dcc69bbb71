import { messageOf } from '../../common/errors.ts';
import { DatabaseError } from './database-error.ts';

/** What PostgreSQL answered, or that it could not be asked. */
export function postgresqlError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code = '', constraint } = error as { code?: string; constraint?: string };
  // Node's own codes (ECONNREFUSED) are longer; the driver's errors (a connection that ended, a timeout) have none.
  const sqlstate = /^[0-9A-Z]{5}$/.test(code) ? code : '08006';
  return new DatabaseError(sqlstate, messageOf(error), { cause: error, constraint });
}

/** Whether it says that the connection, or the server, is gone. */
export function isLoss({ code }: DatabaseError): boolean {
  return code.startsWith('08') || code.startsWith('57P');
}
