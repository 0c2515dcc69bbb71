import { parse, pathToRegexp } from 'path-to-regexp';
import { z } from 'zod';
import { invalid, messageOf } from '../common/errors.ts';
import { parsedBy, validate } from '../common/validate.ts';
import type { RequestHead, ResponseHead } from './exchange.ts';
import type { JsonSchema } from './json-schema.ts';
import { bodyMatchSchema, parseBodyMatch } from './match-body.ts';
import { RESPONSE } from './match-response.ts';
import { firstSegment, withoutEndSlashes, type PathKey } from './path-key.ts';
import { fits, headersFit, WANTED, type Wanted } from './wanted.ts';

/** What a `match` asks, part by part as it becomes known; what is absent asks nothing. */
export interface Match {
  readonly request: (head: RequestHead) => boolean;
  readonly body?: (body: Buffer) => boolean;
  readonly response?: (head: ResponseHead) => boolean;
  /** What all paths that fit have in common, where they have something. */
  readonly pathKey: PathKey | undefined;
}

/**
 * Reads `GET /stats/:product/:user`, or `{ method, path, query, headers, body, response }`. A path is a pattern of
 * path-to-regexp 8 (`:name`, `*rest`) on the pathname as sent, before decoding, case-sensitive. The values of `query` and
 * `headers` are exact, or `{ present: true }`, `{ absent: true }`, `{ contains: text }`.
 * @throws {InvalidError} whose paths start at the match's own value
 */
export function parseMatch(value: unknown): Match {
  if (typeof value === 'string') {
    const line = /^([A-Z]+|\*) (\/.*)$/.exec(value);
    if (line) return matchOf({ method: line[1] }, patternOf(line[2] as string, []));
    throw invalid(
      [],
      `expected a method and a path such as "GET /stats/:id", got ${JSON.stringify(value)}`,
    );
  }
  const asked = validate(MATCH, value);
  return matchOf(asked, asked.path === undefined ? undefined : patternOf(asked.path, ['path']));
}

export function matchSchema(): JsonSchema {
  return {
    anyOf: [
      { type: 'string', pattern: '^([A-Z]+|\\*) /', description: 'a method and a path pattern' },
      z.toJSONSchema(MATCH, { io: 'input' }) as JsonSchema,
    ],
  };
}

const MATCH = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  query: z.record(z.string(), WANTED).optional(),
  headers: z.record(z.string(), WANTED).optional(),
  body: parsedBy(parseBodyMatch).meta(bodyMatchSchema()).optional(),
  response: RESPONSE.optional(),
});

function matchOf(
  { method, query, headers, body, response }: Partial<z.infer<typeof MATCH>>,
  path?: Pattern,
): Match {
  const asked: Match['request'][] = [];
  if (method !== undefined && method !== '*') asked.push((head) => head.method === method);
  if (path) asked.push((head) => path.regexp.test(head.path));
  if (query) asked.push(queryFits(query));
  if (headers) asked.push(headersFit(headers));
  return {
    request(head) {
      for (const part of asked) if (!part(head)) return false;
      return true;
    },
    ...(body ? { body } : {}),
    ...(response ? { response } : {}),
    pathKey: path?.key,
  };
}

function queryFits(query: Readonly<Record<string, Wanted>>): Match['request'] {
  const all = Object.entries(query);
  return ({ target }) => {
    const start = target.indexOf('?');
    const sent = start < 0 ? NO_QUERY : new URLSearchParams(target.slice(start + 1));
    return all.every(([name, wanted]) => fits(sent.get(name) ?? undefined, wanted));
  };
}

interface Pattern {
  readonly regexp: RegExp;
  readonly key: PathKey | undefined;
}

function patternOf(pattern: string, path: readonly string[]): Pattern {
  try {
    return { regexp: pathToRegexp(pattern, { sensitive: true }).regexp, key: keyOf(pattern) };
  } catch (error) {
    throw invalid(path, `${JSON.stringify(pattern)} is no path pattern: ${messageOf(error)}`);
  }
}

function keyOf(pattern: string): PathKey | undefined {
  const [first, ...others] = parse(pattern).tokens;
  if (first?.type !== 'text') return undefined;
  if (others.length === 0) return { path: withoutEndSlashes(first.value) };
  const segment = firstSegment(first.value);
  return segment === undefined ? undefined : { segment };
}

const NO_QUERY = new URLSearchParams();
