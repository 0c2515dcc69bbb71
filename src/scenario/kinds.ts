/** The kinds of file that have a JSON Schema. */
export const SCHEMA_KINDS = ['system', 'contract', 'scenario', 'proxy', 'config'] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];
