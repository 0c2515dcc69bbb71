import { sql, type RawBuilder } from 'kysely';
import { LARGEST_INTEGER, SMALLEST_INTEGER } from './tables.ts';

/** Text of so many characters at most. */
export function atMost(characters: number, column: string): RawBuilder<boolean> {
  return sql<boolean>`length(${sql.ref(column)}) <= ${sql.lit(characters)}`;
}

export function oneOf(column: string, values: readonly string[]): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} in (${sql.join(values.map((value) => sql.lit(value)))})`;
}

/** Of 32 bits, where the database would hold more. */
export function integer(column: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(column)} between ${sql.lit(SMALLEST_INTEGER)} and ${sql.lit(LARGEST_INTEGER)}`;
}
