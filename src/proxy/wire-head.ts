/** A message's head as it stands on the wire. */
export interface WireHead {
  /** `HTTP/1.1 200 OK` */
  readonly start: string;
  /** `Name: value`, one line each, as they came: case, order, repeats and white space kept. */
  readonly fields: readonly string[];
}

/** The bytes of a head, its empty line included. */
export function headBytes({ start, fields }: WireHead): Buffer {
  return Buffer.from([start, ...fields, '', ''].join('\r\n'), 'latin1');
}

/** Sets a field: in the place of the first of that name, or at the end. */
export function withField(head: WireHead, name: string, value: string): WireHead {
  const line = `${name}: ${value}`;
  const first = head.fields.findIndex((field) => isNamed(field, name));
  if (first < 0) return { ...head, fields: [...head.fields, line] };
  const fields = head.fields.filter((field, i) => i === first || !isNamed(field, name));
  fields[first] = line;
  return { ...head, fields };
}

/** Leaves out every field of these names. */
export function withoutFields(head: WireHead, names: readonly string[]): WireHead {
  const gone = (field: string) => names.some((name) => isNamed(field, name));
  return { ...head, fields: head.fields.filter((field) => !gone(field)) };
}

/** Names in lower case; repeated ones joined by a comma and a space. A map without a prototype: the wire chooses the names. */
export function headersOf(fields: readonly string[]): Readonly<Record<string, string | undefined>> {
  const headers = Object.create(null) as Record<string, string | undefined>;
  for (const field of fields) {
    const colon = field.indexOf(':');
    const name = field.slice(0, colon).toLowerCase();
    const value = field.slice(colon + 1).trim();
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}, ${value}`;
  }
  return headers;
}

function isNamed(field: string, name: string): boolean {
  return field.slice(0, field.indexOf(':')).toLowerCase() === name.toLowerCase();
}
