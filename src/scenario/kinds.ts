/** The kinds of file that have a JSON Schema. */
export const SCHEMA_KINDS = ['system', 'contract', 'scenario', 'fragment', 'proxy'] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];
