/** The kinds of file that have a JSON Schema: what people write, and what the reporter `json` does. */
export const SCHEMA_KINDS = [
  'system',
  'contract',
  'scenario',
  'fragment',
  'mock',
  'proxy',
  'config',
  'result',
] as const;
export type SchemaKind = (typeof SCHEMA_KINDS)[number];
