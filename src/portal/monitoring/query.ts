import { InvalidRequest } from '../errors/invalid-request.ts';
import type { PortalContext } from '../http/context.ts';

/**
 * A parameter of the query.
 * @param read gives undefined for what it does not understand
 * @param expected what it understands, as a phrase
 * @throws {HttpError} 400 that names the parameter, also where it is given twice
 */
export function queryParameter<T>(
  ctx: PortalContext,
  name: string,
  { fallback, expected, read }: QueryParameter<T>,
): T {
  const given = new URLSearchParams(ctx.querystring).getAll(name);
  const value = given.length < 2 ? read(given[0] ?? fallback) : undefined;
  if (value !== undefined) return value;
  const message = `expected ${given.length < 2 ? '' : 'once '}${expected}`;
  throw new InvalidRequest([{ path: [name], in: 'query', message }]);
}

export interface QueryParameter<T> {
  readonly fallback: string;
  readonly expected: string;
  readonly read: (text: string) => T | undefined;
}
