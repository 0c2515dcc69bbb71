import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import type { Problem } from '../common/errors.ts';
import { parsedBy, validate } from '../common/validate.ts';
import type { About, Finding } from './expectation.ts';

const TYPES = ['string', 'number', 'boolean', 'null', 'array', 'object'] as const;

const MATCHERS = {
  equals: z.unknown(),
  contains: z.unknown(),
  type: z.enum(TYPES),
  length: z.int().min(0),
  absent: z.boolean(),
  'matches-baseline': z.literal(true),
};

const MATCHER = z.strictObject(MATCHERS).partial();

/** A matcher (`{ length: 2 }`), or the value itself. An object with other keys is a value. */
export const matcher = parsedBy((value) => {
  const keys = isObject(value) ? Object.keys(value) : [];
  const meant = keys.length > 0 && keys.every((key) => Object.hasOwn(MATCHERS, key));
  // `{ type: arrray }` is a slip, not a value to compare with: that would be `{ equals: { type: … } }`.
  if (meant) validate(MATCHER, value);
  return value;
}).meta({ description: `a value, or a matcher: ${Object.keys(MATCHERS).join(', ')}` });

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
  return Object.entries(expected).flatMap(([name, wanted]) =>
    holds(name as keyof typeof MATCHERS, wanted, got, baseline)
      ? []
      : [{ pointer, expected: name === 'equals' ? wanted : { [name]: wanted }, got }],
  );
}

function holds(
  name: keyof typeof MATCHERS,
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
