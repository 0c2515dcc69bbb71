import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Problem } from '../../common/errors.ts';
import { below } from '../../common/problems.ts';
import { parsedBy, validate } from '../../common/validate.ts';
import type { About, Finding, Opener } from '../expectation.ts';
import { compileSchema, type SchemaCheck } from './json-schema.ts';

const TYPES = ['string', 'number', 'boolean', 'null', 'array', 'object'] as const;

const MATCHERS = {
  equals: z.unknown(),
  contains: z.unknown(),
  type: z.enum(TYPES),
  length: z.int().min(0),
  absent: z.boolean(),
  'matches-baseline': z.literal(true),
  schema: z.custom<SchemaCheck>((value) => typeof value === 'function'),
};

const MATCHER = z.strictObject(MATCHERS).partial();

/** A matcher (`{ length: 2 }`), or the value itself. An object with other keys is a value. */
export const matcher = parsedBy((value) => {
  // `{ type: arrray }` is a slip, not a value to compare with: that would be `{ equals: { type: … } }`.
  if (isMeant(value)) validate(MATCHER, value);
  return value;
}).meta({ description: `a value, or a matcher: ${Object.keys(MATCHERS).join(', ')}` });

/** The matchers of a map with their schemas, from the file that they name or as they stand, ready to judge. */
export function openSchemas(written: unknown, files: Opener): unknown {
  if (!isObject(written)) return written;
  const entries = Object.entries(written).map(([at, one]) => {
    if (!isMeant(one) || !('schema' in one)) return [at, one];
    const { schema } = one;
    const check = below([at, 'schema'], () =>
      typeof schema === 'string' ? files.schema(schema) : compileSchema(schema),
    );
    return [at, { ...one, schema: check }];
  });
  return Object.fromEntries(entries);
}

/** What is wrong with matchers that need a baseline, where there is none. */
export function baselineless(
  expected: Readonly<Record<string, unknown>>,
  { ofContract }: Pick<About, 'ofContract'>,
): Problem[] {
  if (ofContract) return [];
  return Object.entries(expected)
    .filter(([, one]) => isMatcher(one) && Object.hasOwn(one, 'matches-baseline'))
    .map(([at]) => ({
      path: [at],
      message: 'only the request of a contract has a baseline: use "send"',
    }));
}

/** What an expected value or matcher finds wrong with a value; `baseline` is what stood there when all was well. */
export function match(
  expected: unknown,
  got: unknown,
  pointer: string,
  baseline?: unknown,
): Finding[] {
  if (!isMatcher(expected))
    return isDeepStrictEqual(expected, got) ? [] : [{ pointer, expected, got }];
  const { schema, ...others } = expected as { readonly schema?: SchemaCheck };
  const broken = schema?.(got) ?? [];
  return [
    ...Object.entries(others).flatMap(([name, wanted]) =>
      holds(name as Exclude<keyof typeof MATCHERS, 'schema'>, wanted, got, baseline)
        ? []
        : [{ pointer, expected: name === 'equals' ? wanted : { [name]: wanted }, got }],
    ),
    ...broken.map((one) => ({ ...one, pointer: `${pointer}${one.pointer}` })),
  ];
}

function holds(
  name: Exclude<keyof typeof MATCHERS, 'schema'>,
  wanted: unknown,
  got: unknown,
  baseline: unknown,
): boolean {
  switch (name) {
    case 'equals':
      return isDeepStrictEqual(wanted, got);
    case 'contains':
      return contains(got, wanted);
    case 'type':
      return typeOf(got) === wanted;
    case 'length':
      return (typeof got === 'string' || Array.isArray(got)) && got.length === wanted;
    case 'absent':
      return (got === undefined) === wanted;
    case 'matches-baseline':
      return isDeepStrictEqual(baseline, got);
  }
}

/** Text within text, an item of a list, or a part of an object. */
export function contains(whole: unknown, part: unknown): boolean {
  if (typeof whole === 'string') return typeof part === 'string' && whole.includes(part);
  if (Array.isArray(whole))
    return whole.some(
      (item) => isDeepStrictEqual(item, part) || (isObject(item) && contains(item, part)),
    );
  if (!isObject(whole) || !isObject(part)) return isDeepStrictEqual(whole, part);
  return Object.entries(part).every(
    ([key, value]) => isDeepStrictEqual(whole[key], value) || contains(whole[key], value),
  );
}

/** All its keys are those of matchers. */
function isMeant(value: unknown): value is Record<string, unknown> {
  const keys = isObject(value) ? Object.keys(value) : [];
  return keys.length > 0 && keys.every((key) => Object.hasOwn(MATCHERS, key));
}

function isMatcher(value: unknown): value is Record<string, unknown> {
  return isObject(value) && MATCHER.safeParse(value).success && Object.keys(value).length > 0;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
