interface Types {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly object: Readonly<Record<string, unknown>>;
}

/** The JSON of a body; undefined where it is none. */
export function jsonOf(body: string | undefined): unknown {
  try {
    return JSON.parse(body ?? '');
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What is known of a body; undefined where it is no object, or something known is of another type. Others are ignored. */
export function readFields<const T extends Readonly<Record<string, keyof Types>>>(
  body: unknown,
  types: T,
): { readonly [K in keyof T]?: Types[T[K]] } | undefined {
  if (!isObject(body)) return undefined;
  const known = Object.entries(types).filter(([key]) => Object.hasOwn(body, key));
  const fits = known.every(([key, type]) =>
    type === 'object' ? isObject(body[key]) : typeof body[key] === type,
  );
  if (!fits) return undefined;
  return Object.fromEntries(known.map(([key]) => [key, body[key]])) as {
    readonly [K in keyof T]?: Types[T[K]];
  };
}
