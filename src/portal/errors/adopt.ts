import { BadRequest } from './classes.ts';
import { httpError } from './factory.ts';
import { HttpError } from './http-error.ts';

/**
 * The HttpError that something thrown is, or stands for: what `ctx.throw`, `ctx.assert` and parsers of bodies throw, with their message
 * where they say that clients may read it. Undefined for anything else, however much its `status` looks like one: an error of an HTTP client
 * carries the status of another service.
 */
export function adopt(thrown: unknown): HttpError | undefined {
  if (thrown instanceof HttpError) return thrown;
  if (!(thrown instanceof Error)) return undefined;
  const { status, expose, headers, type, body } = thrown as Foreign;
  const isParserError = thrown instanceof SyntaxError && status === 400;
  if (isParserError && (type === 'entity.parse.failed' || typeof body === 'string')) {
    return new BadRequest('JSON is malformed.', { code: 'malformed_json', cause: thrown });
  }
  if (typeof expose !== 'boolean' || !isErrorStatus(status)) return undefined;
  const message = expose && thrown.message.trim() ? thrown.message : undefined;
  return httpError(status, message, { cause: thrown, ...(headers && { headers }) });
}

/** What http-errors and the parsers of bodies put on what they throw. */
interface Foreign extends Error {
  readonly status?: unknown;
  readonly expose?: unknown;
  readonly headers?: Record<string, string>;
  readonly type?: unknown;
  readonly body?: unknown;
}

function isErrorStatus(status: unknown): status is number {
  return Number.isInteger(status) && (status as number) >= 400 && (status as number) <= 599;
}
