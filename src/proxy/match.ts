import { pathToRegexp } from 'path-to-regexp';
import { z } from 'zod';
import { InvalidError, messageOf } from '../common/errors.ts';
import { validate } from '../common/validate.ts';
import type { RequestHead } from './exchange.ts';
import type { JsonSchema } from './json-schema.ts';

/** Whether a request is meant. */
export type Match = (request: RequestHead) => boolean;

/**
 * Reads `GET /stats/:product/:user`, or `{ method, path, query, headers }`. A path is a pattern of path-to-regexp 8
 * (`:name`, `*rest`) on the pathname as sent, before decoding, case-sensitive. The values of `query` and `headers` are
 * exact, or `{ present: true }`, `{ absent: true }`, `{ contains: text }`.
 * @throws {InvalidError} whose paths start at the match's own value
 */
export function parseMatch(value: unknown): Match {
  if (typeof value === 'string') {
    const line = /^([A-Z]+|\*) (\/.*)$/.exec(value);
    if (line) return allOf([methodIs(line[1] as string), pathIs(line[2] as string, [])]);
    throw invalid(
      [],
      `expected a method and a path such as "GET /stats/:id", got ${JSON.stringify(value)}`,
    );
  }
  const { method, path, query, headers } = validate(MATCH, value);
  return allOf([
    method === undefined ? always : methodIs(method),
    path === undefined ? always : pathIs(path, ['path']),
    (request) => {
      const sent = new URLSearchParams(request.target.split('?').slice(1).join('?'));
      return Object.entries(query ?? {}).every(([name, wanted]) =>
        fits(sent.get(name) ?? undefined, wanted),
      );
    },
    (request) =>
      Object.entries(headers ?? {}).every(([name, wanted]) =>
        fits(headerOf(request, name.toLowerCase()), wanted),
      ),
  ]);
}

export function matchSchema(): JsonSchema {
  return {
    anyOf: [
      { type: 'string', pattern: '^([A-Z]+|\\*) /', description: 'a method and a path pattern' },
      z.toJSONSchema(MATCH, { io: 'input' }) as JsonSchema,
    ],
  };
}

const WANTED = z.union([
  z.string(),
  z.strictObject({ present: z.literal(true) }),
  z.strictObject({ absent: z.literal(true) }),
  z.strictObject({ contains: z.string() }),
]);
type Wanted = z.infer<typeof WANTED>;

const MATCH = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  query: z.record(z.string(), WANTED).optional(),
  headers: z.record(z.string(), WANTED).optional(),
});

function fits(sent: string | undefined, wanted: Wanted): boolean {
  if (typeof wanted === 'string') return sent === wanted;
  if ('present' in wanted) return sent !== undefined;
  if ('absent' in wanted) return sent === undefined;
  return sent?.includes(wanted.contains) === true;
}

function headerOf({ headers }: RequestHead, name: string): string | undefined {
  return Object.hasOwn(headers, name) ? headers[name]?.toString() : undefined;
}

function methodIs(method: string): Match {
  return method === '*' ? always : (request) => request.method === method;
}

function pathIs(pattern: string, path: readonly string[]): Match {
  try {
    const { regexp } = pathToRegexp(pattern, { sensitive: true });
    return (request) => regexp.test(request.path);
  } catch (error) {
    throw invalid(path, `${JSON.stringify(pattern)} is no path pattern: ${messageOf(error)}`);
  }
}

function allOf(parts: readonly Match[]): Match {
  const asked = parts.filter((part) => part !== always);
  return (request) => asked.every((part) => part(request));
}

function always(): boolean {
  return true;
}

function invalid(path: readonly string[], message: string): InvalidError {
  return new InvalidError([{ path, message }]);
}
