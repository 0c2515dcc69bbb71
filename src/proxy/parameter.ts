import { parseDuration } from '../common/duration.ts';
import { parseSize } from '../common/size.ts';
import { didYouMean } from '../common/suggest.ts';
import type { JsonSchema } from './json-schema.ts';

/** One parameter of a fault: how people write it, what it may be, and what the fault gets of it. */
export interface Parameter<T = unknown> {
  /** The kind of value, as help and forms name it: `duration`, `count`, … */
  readonly kind: string;
  readonly description: string;
  /** What may be written, in words: `0ms to 1h`. */
  readonly range: string;
  /** The default as people would write it; absent where the parameter is required or may be left out. */
  readonly default?: unknown;
  readonly required: boolean;
  readonly schema: JsonSchema;
  /** @throws {RangeError} with a sentence that says what is wrong */
  parse(value: unknown): T;
}

export type Parameters = Readonly<Record<string, Parameter>>;

/** What a fault's `apply` methods get: each parameter's parsed value. */
export type ValuesOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

export interface Options {
  /** Used when the parameter is not written. */
  readonly default?: unknown;
  /** May be left out without a default: the fault then gets undefined. */
  readonly optional?: true;
}
export type Made<T, O extends Options> = Parameter<
  O extends { optional: true } ? T | undefined : T
>;

export interface Kind<T> {
  readonly kind: string;
  readonly range: string;
  readonly schema: JsonSchema;
  parse(value: unknown): T;
}

/** A time such as `250ms` or `2s`; the fault gets milliseconds. */
export function duration<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): number => {
    const ms = parseDuration(value);
    if (ms > HOUR) throw new RangeError(`expected at most 1h, got ${String(value)}`);
    return ms;
  };
  const schema = { type: 'string', pattern: '^\\d+(\\.\\d+)?(ms|s|m|h)$' };
  return make({ kind: 'duration', range: '0ms to 1h', schema, parse }, description, options);
}

/** A place in a body: bytes from its start (`64KB`) or a share of its length (`50%`). */
export type Amount = { readonly bytes: number } | { readonly share: number };

export function amount<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): Amount => {
    const share = typeof value === 'string' ? /^(\d+(?:\.\d+)?)%$/.exec(value) : null;
    if (!share) return { bytes: readSize(value) };
    if (Number(share[1]) > 100) throw new RangeError(`expected at most 100%, got ${share[0]}`);
    return { share: Number(share[1]) / 100 };
  };
  const schema = { type: 'string', pattern: '^\\d+(\\.\\d+)?(%|B|KB|MB|GB)$' };
  return make(
    { kind: 'amount', range: 'bytes (64KB) or 0% to 100%', schema, parse },
    description,
    options,
  );
}

/** So many bytes, such as `64KB`. */
export function size<const O extends Options>(
  description: string,
  { min = 0, ...options }: O & { min?: number },
) {
  const parse = (value: unknown): number => atLeast(min, parseSize(value), value);
  const schema = { type: 'string', pattern: '^\\d+(\\.\\d+)?(B|KB|MB|GB)$' };
  const kind = { kind: 'size', range: `bytes, such as 64KB, from ${min}B`, schema, parse };
  return make(kind, description, options as unknown as O);
}

/** So many bytes a second, such as `64KB/s`; the fault gets bytes. */
export function rate<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): number => {
    const written = typeof value === 'string' ? /^(.*)\/s$/.exec(value)?.[1] : undefined;
    if (written === undefined)
      throw new RangeError(`expected a rate such as 64KB/s, got ${JSON.stringify(value)}`);
    return atLeast(1, parseSize(written), value);
  };
  const schema = { type: 'string', pattern: '^\\d+(\\.\\d+)?(B|KB|MB|GB)/s$' };
  const kind = { kind: 'rate', range: 'bytes a second, such as 64KB/s, from 1B/s', schema, parse };
  return make(kind, description, options);
}

/** A share of a whole, from 0 to 1. */
export function share<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): number => {
    if (typeof value === 'number' && value >= 0 && value <= 1) return value;
    throw new RangeError(`expected a share from 0 to 1, got ${JSON.stringify(value)}`);
  };
  const schema = { type: 'number', minimum: 0, maximum: 1 };
  return make({ kind: 'share', range: '0 to 1', schema, parse }, description, options);
}

/** A whole number, such as a status. */
export function integer<const O extends Options>(
  description: string,
  { min, max, ...options }: O & { min: number; max: number },
) {
  const parse = (value: unknown): number => {
    if (Number.isInteger(value) && Number(value) >= min && Number(value) <= max)
      return Number(value);
    throw new RangeError(
      `expected a whole number from ${min} to ${max}, got ${JSON.stringify(value)}`,
    );
  };
  const schema = { type: 'integer', minimum: min, maximum: max };
  return make(
    { kind: 'integer', range: `${min} to ${max}`, schema, parse },
    description,
    options as unknown as O,
  );
}

/** One of a few words. */
export function choice<const W extends readonly (string | number)[], const O extends Options>(
  description: string,
  { words, ...options }: O & { words: W },
) {
  const parse = (value: unknown): W[number] => {
    if (words.includes(value as W[number])) return value as W[number];
    const hint = typeof value === 'string' ? didYouMean(value, words.map(String)) : '';
    throw new RangeError(`expected ${words.join(', ')}, got ${JSON.stringify(value)}${hint}`);
  };
  const kind = { kind: 'choice', range: words.join(', '), schema: { enum: [...words] }, parse };
  return make(kind, description, options as unknown as O);
}

/** Any text. */
export function text<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): string => {
    if (typeof value === 'string') return value;
    throw new RangeError(`expected text, got ${JSON.stringify(value)}`);
  };
  return make(
    { kind: 'text', range: 'any text', schema: { type: 'string' }, parse },
    description,
    options,
  );
}

/** A JSON pointer (RFC 6901); the empty one is the whole document. */
export function pointer<const O extends Options>(description: string, options: O) {
  const parse = (value: unknown): string => {
    if (typeof value === 'string' && POINTER.test(value)) return value;
    throw new RangeError(`expected a JSON pointer such as /0/score, got ${JSON.stringify(value)}`);
  };
  const schema = { type: 'string', pattern: POINTER.source };
  return make({ kind: 'pointer', range: '"" or /a/b', schema, parse }, description, options);
}

function atLeast(min: number, bytes: number, written: unknown): number {
  if (bytes >= min) return bytes;
  throw new RangeError(`expected at least ${min}B, got ${JSON.stringify(written)}`);
}

/** Makes a parameter of a kind. */
export function make<T, const O extends Options>(
  kind: Kind<T>,
  description: string,
  options: O,
): Made<T, O> {
  const required = options.default === undefined && options.optional !== true;
  return { ...kind, ...options, description, required };
}

function readSize(value: unknown): number {
  try {
    return parseSize(value);
  } catch {
    throw new RangeError(
      `expected bytes or a share, such as 64B or 50%, got ${JSON.stringify(value)}`,
    );
  }
}

const HOUR = 3_600_000;
const POINTER = /^(\/([^~]|~[01])*)?$/;
