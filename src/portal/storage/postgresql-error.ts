import { messageOf } from '../../common/errors.ts';
import { DatabaseError } from './database-error.ts';

/** What PostgreSQL answered, or that it could not be asked. */
export function postgresqlError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { severity, code, constraint } = error as Partial<Answer>;
  // What Node says of a connection has a code as well, and `EPIPE` looks like an SQLSTATE.
  const sqlstate = severity !== undefined && code !== undefined ? code : '08006';
  return new DatabaseError(sqlstate, messageOf(error), { cause: error, constraint });
}

/** An error as the server tells it. */
interface Answer {
  readonly severity: string;
  readonly code: string;
  readonly constraint: string;
}

/** Whether it says that the connection, or the server, is gone. */
export function isLoss({ code }: DatabaseError): boolean {
  return code.startsWith('08') || code.startsWith('57P');
}
