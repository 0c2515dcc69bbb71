import { sql, type ColumnDefinitionBuilder, type RawBuilder } from 'kysely';

/** What the databases write differently where tables are made. */
export interface Dialect {
  /** Text that is ordered by its bytes, on every machine alike. */
  readonly text: RawBuilder<string>;
  readonly time: RawBuilder<string>;
  /** The database numbers the rows, from 1. */
  readonly numbered: (column: ColumnDefinitionBuilder) => ColumnDefinitionBuilder;
  /** What stands behind the columns. */
  readonly options: RawBuilder<unknown>;
}

export const SQLITE: Dialect = {
  text: sql`text`,
  time: sql`text`,
  numbered: (column) => column.autoIncrement(),
  // Without it a column takes values of every type.
  options: sql`strict`,
};

export const POSTGRESQL: Dialect = {
  text: sql`text collate "C"`,
  time: sql`timestamptz`,
  numbered: (column) => column.generatedAlwaysAsIdentity(),
  options: sql``,
};
