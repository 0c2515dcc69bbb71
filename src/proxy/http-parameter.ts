import { didYouMean } from '../common/suggest.ts';
import { make, pointer, type Options } from './parameter.ts';

/** Header names and their values. */
export function headers<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): Readonly<Record<string, string>> => {
    if (!isObject(value))
      throw new RangeError(`expected header names and values, got ${JSON.stringify(value)}`);
    for (const [name, content] of Object.entries(value)) checkHeader(name, content);
    return value as Readonly<Record<string, string>>;
  };
  const schema = { type: 'object', additionalProperties: { type: 'string' } };
  return make({ kind: 'headers', range: 'name: value', schema, parse }, description, options);
}

/** Names of headers. */
export function headerNames<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): readonly string[] => {
    if (!Array.isArray(value))
      throw new RangeError(`expected a list of header names, got ${JSON.stringify(value)}`);
    for (const name of value) checkName(name);
    return value as readonly string[];
  };
  const schema = { type: 'array', items: { type: 'string' } };
  return make({ kind: 'header-names', range: '[name, name]', schema, parse }, description, options);
}

/** What may stand as a header's value: one line. */
export function headerValue<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && ONE_LINE.test(value)) return value;
    throw new RangeError(`expected text of one line, got ${JSON.stringify(value)}`);
  };
  const schema = { type: 'string', pattern: ONE_LINE.source };
  return make(
    { kind: 'header-value', range: 'text of one line', schema, parse },
    description,
    options,
  );
}

/** A JSON Patch operation (RFC 6902). */
export type Operation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string }
  | { readonly op: 'move' | 'copy'; readonly from: string; readonly path: string };

/** A JSON Patch (RFC 6902): a list of operations. */
export function operations<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): readonly Operation[] => {
    if (!Array.isArray(value) || value.length === 0)
      throw new RangeError(
        `expected a list such as [{ op: replace, path: /0/score, value: 1 }], got ${JSON.stringify(value)}`,
      );
    for (const [i, one] of value.entries()) checkOperation(one, `operation ${i + 1}`);
    return value as readonly Operation[];
  };
  const schema = { type: 'array', minItems: 1, items: { anyOf: OPERATION_SCHEMAS } };
  const kind = { kind: 'operations', range: '[{ op, path, value or from }]', schema, parse };
  return make(kind, description, options);
}

function checkName(name: unknown): void {
  if (typeof name !== 'string' || !/^[!#$%&'*+.^_`|~\w-]+$/.test(name))
    throw new RangeError(`${JSON.stringify(name)} is not a header's name`);
}

function checkHeader(name: string, content: unknown): void {
  checkName(name);
  if (typeof content !== 'string' || !ONE_LINE.test(content)) {
    throw new RangeError(
      `the header ${name} needs a text of one line, got ${JSON.stringify(content)}`,
    );
  }
}

function checkOperation(value: unknown, where: string): void {
  if (!isObject(value))
    throw new RangeError(`${where}: expected an object, got ${JSON.stringify(value)}`);
  const { op, path, from } = value;
  const members = typeof op === 'string' ? MEMBERS.get(op) : undefined;
  if (!members) {
    const hint = typeof op === 'string' ? didYouMean(op, OPS) : '';
    throw new RangeError(
      `${where}: expected op: ${OPS.join(', ')}, got ${JSON.stringify(op)}${hint}`,
    );
  }
  for (const name of members) {
    if (!Object.hasOwn(value, name)) throw new RangeError(`${where}: ${String(op)} needs ${name}`);
    if (name !== 'value') checkPointer(value[name], `${where}: ${name}`);
  }
  for (const name of Object.keys(value)) {
    if (name !== 'op' && !members.includes(name))
      throw new RangeError(
        `${where}: ${String(op)} takes no "${name}"${didYouMean(name, members)}`,
      );
  }
  if (op === 'remove' && path === '')
    throw new RangeError(`${where}: without the whole document there is no JSON left`);
  if (op === 'move' && String(path).startsWith(`${String(from)}/`))
    throw new RangeError(`${where}: nothing can be moved into itself`);
}

function checkPointer(value: unknown, where: string): void {
  try {
    POINTER.parse(value);
  } catch (error) {
    throw new RangeError(`${where}: ${(error as Error).message}`, { cause: error });
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const ONE_LINE = /^[\t\x20-\x7e\x80-\xff]*$/;
const POINTER = pointer('a place in the document', {});

/** What each operation needs, besides `op`. */
const MEMBERS: ReadonlyMap<string, readonly string[]> = new Map([
  ['add', ['path', 'value']],
  ['remove', ['path']],
  ['replace', ['path', 'value']],
  ['move', ['from', 'path']],
  ['copy', ['from', 'path']],
  ['test', ['path', 'value']],
] satisfies [Operation['op'], string[]][]);
const OPS = [...MEMBERS.keys()];

const OPERATION_SCHEMAS = [...MEMBERS].map(([op, members]) => ({
  type: 'object',
  properties: {
    op: { const: op },
    ...Object.fromEntries(members.map((name) => [name, name === 'value' ? {} : POINTER.schema])),
  },
  required: ['op', ...members],
  additionalProperties: false,
}));
