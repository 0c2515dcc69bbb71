import { messageOf } from '../../common/errors.ts';
import { DatabaseError } from './database-error.ts';
import { LARGEST_INTEGER, SMALLEST_INTEGER } from './tables.ts';

/** What SQLite threw, as PostgreSQL would have said it. */
export function sqliteError(error: unknown): DatabaseError {
  if (error instanceof DatabaseError) return error;
  const { code = '', rawCode = 0 } = error as { code?: string; rawCode?: number };
  const message = messageOf(error);
  const named = /constraint failed: (.*)$/.exec(message)?.[1] ?? '';
  const as = (sqlstate: string, constraint?: string) =>
    new DatabaseError(sqlstate, message, { cause: error, constraint });
  if (rawCode === WRONG_TYPE) return as('22P02');
  switch (code) {
    case 'SQLITE_CONSTRAINT_UNIQUE':
      return as('23505', keyOf(named));
    case 'SQLITE_CONSTRAINT_PRIMARYKEY':
      return as('23505', `${named.split('.')[0]}_pkey`);
    case 'SQLITE_CONSTRAINT_FOREIGNKEY':
      return as('23503');
    case 'SQLITE_CONSTRAINT_NOTNULL':
      return as('23502');
    case 'SQLITE_CONSTRAINT_CHECK':
      return named.endsWith('_range') ? as('22003') : as('23514', named);
  }
  const [, sqlstate] = BY_PRIMARY_CODE.find(([start]) => code.startsWith(start)) ?? [];
  const [, told] = BY_MESSAGE.find(([start]) => message.startsWith(start)) ?? [];
  return as(sqlstate ?? told ?? 'XX000');
}

/** `reviews.game_id, reviews.user_id`: `reviews_game_id_user_id_key`, which is what PostgreSQL calls such a rule. */
function keyOf(columns: string): string {
  const [table = '', ...names] = columns.split(', ').flatMap((column, index) => {
    const [table = '', name = ''] = column.split('.');
    return index === 0 ? [table, name] : [name];
  });
  return [table, ...names, 'key'].join('_');
}

/**
 * The values, if PostgreSQL could take them for columns of text and of 32-bit numbers. SQLite would cut text at a NUL, keep any number, and
 * end the whole process for a boolean.
 */
export function checkParameters(parameters: readonly unknown[]): unknown[] {
  for (const value of parameters) {
    if (typeof value === 'string') {
      if (value.includes('\0')) throw new DatabaseError('22021', 'text holds a NUL');
    } else if (typeof value === 'number') {
      if (!Number.isInteger(value)) throw new DatabaseError('22P02', 'a number is not whole');
      if (value < SMALLEST_INTEGER || value > LARGEST_INTEGER) {
        throw new DatabaseError('22003', 'a number has more than 32 bits');
      }
    } else if (value !== null) {
      throw new DatabaseError('22P02', `no column holds a ${typeof value}`);
    }
  }
  return parameters as unknown[];
}

const BY_PRIMARY_CODE = [
  // Another program writes. It is over soon.
  ['SQLITE_BUSY', '40001'],
  ['SQLITE_LOCKED', '40001'],
  ['SQLITE_CANTOPEN', '08001'],
  ['SQLITE_IOERR', '58030'],
  ['SQLITE_FULL', '53100'],
  ['SQLITE_READONLY', '25006'],
  ['SQLITE_CORRUPT', 'XX001'],
  ['SQLITE_NOTADB', 'XX001'],
] as const;

/** Of what libsql has no code for. */
const BY_MESSAGE = [
  ['ConnectionFailed', '08001'],
  ['The database connection is not open', '08003'],
  ['no such table', '42P01'],
] as const;

/** SQLITE_CONSTRAINT_DATATYPE, which libsql has no name for. */
const WRONG_TYPE = 3091;
