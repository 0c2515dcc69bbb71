type Json = { readonly [key: string]: unknown };

/** The same schema with what stands in it more than once written once, under `$defs`. */
export function withDefs(schema: Json): Json {
  const seen = new Map<string, number>();
  count(schema);
  const names = new Map<string, string>();
  const defs: Record<string, unknown> = {};
  const short = replaceIn(schema);
  return Object.keys(defs).length > 0 ? { ...(short as Json), $defs: defs } : schema;

  function count(value: unknown): void {
    if (typeof value !== 'object' || value === null) return;
    if (isLong(value)) {
      const text = JSON.stringify(value);
      const times = (seen.get(text) ?? 0) + 1;
      seen.set(text, times);
      // What stands in something that is written once is written once with it.
      if (times > 1) return;
    }
    for (const inner of Object.values(value)) count(inner);
  }

  function replace(value: unknown): unknown {
    if (!isLong(value)) return replaceIn(value);
    const text = JSON.stringify(value);
    if ((seen.get(text) ?? 0) < 2) return replaceIn(value);
    const name = names.get(text) ?? `part-${names.size + 1}`;
    if (!names.has(text)) {
      names.set(text, name);
      defs[name] = replaceIn(value);
    }
    return { $ref: `#/$defs/${name}` };
  }

  function replaceIn(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(replace);
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, replace(inner)]));
  }
}

/** A schema, and not a map of properties by their names, that is longer than a reference to it. */
function isLong(value: unknown): value is Json {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const isSchema =
    typeof (value as Json)['type'] === 'string' || Array.isArray((value as Json)['anyOf']);
  return isSchema && JSON.stringify(value).length > SHORTEST;
}

const SHORTEST = 120;
