type JsonSchema = { readonly [key: string]: unknown };

/** Where a schema wants something other than any text, lets a text with `${x}` stand for it, at every depth. */
export function interpolable(schema: JsonSchema): JsonSchema {
  const inner = within(schema);
  if (takesAnyText(schema)) return inner;
  const { description, ...rest } = inner;
  const said = description === undefined ? {} : { description };
  const alternatives = Object.keys(rest).join() === 'anyOf' ? (rest['anyOf'] as object[]) : [rest];
  // Known words first: editors complete from them.
  return { ...said, anyOf: [...alternatives, VARIABLE] };
}

export function interpolableAll(
  schemas: Readonly<Record<string, JsonSchema>>,
): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([key, one]) => [key, interpolable(one)]));
}

/** A shape told by its key, such as a step: the key may be a variable too, and then nothing more is known of it. */
export const VARIABLE_KEY: JsonSchema = {
  type: 'object',
  description: 'a step whose kind comes from the matrix',
  patternProperties: { '\\$\\{[^}]+\\}': {} },
  minProperties: 1,
  additionalProperties: false,
};

/** What stands below a value may be a variable; the value itself is as the schema says. */
function within(schema: JsonSchema): JsonSchema {
  return Object.fromEntries(
    Object.entries(schema)
      .filter(([keyword]) => keyword !== '$schema')
      .map(([keyword, value]) => [keyword, DEEPER[keyword]?.(value) ?? value]),
  );
}

function takesAnyText(schema: JsonSchema): boolean {
  const { type, anyOf } = schema;
  if (Array.isArray(anyOf)) return (anyOf as JsonSchema[]).some(takesAnyText);
  const limited = ['const', 'enum', 'pattern'].some((keyword) => keyword in schema);
  return !limited && (type === undefined || type === 'string');
}

function one(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? interpolable(value as JsonSchema) : value;
}

/** The keywords that hold schemas. Alternatives are all of one value: that it may be a variable is said once. */
const DEEPER: Readonly<Record<string, (value: unknown) => unknown>> = {
  properties: (value) => interpolableAll(value as Record<string, JsonSchema>),
  additionalProperties: one,
  items: one,
  anyOf: (value) => (value as JsonSchema[]).map(within),
};

const VARIABLE: JsonSchema = {
  type: 'string',
  pattern: '\\$\\{[^}]+\\}',
  description: 'a value of the matrix, ${name}',
};
