import type { Middleware } from 'koa';
import { BrownoutError, InvalidError, messageOf, type Problem } from '../../common/errors.ts';

/** A request that the control API refuses; its code is the answer's status. */
export class ControlError extends BrownoutError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super('refused', message);
    this.status = status;
    this.headers = headers;
  }
}

/** What every failed request is answered with. */
export interface ErrorBody {
  readonly error: string;
  readonly status: number;
  /** Where the first problem is: `rules.0.inject.code`. */
  readonly path?: string;
  readonly problems?: readonly Problem[];
  readonly code?: string;
}

/** The one way out: turns whatever was thrown, and whatever was not answered, into an `ErrorBody`. */
export function answerErrors(): Middleware {
  return async (ctx, next) => {
    let body: ErrorBody | undefined;
    try {
      await next();
      // The router calls a method that it has never heard of not implemented: to a client it is the same.
      const status = ctx.status === 501 ? 405 : ctx.status;
      const answered = ctx.body !== undefined && ctx.body !== null;
      if (status >= 400 && !answered) body = unanswered(status, ctx.path);
    } catch (error) {
      body = bodyOf(error);
      if (error instanceof ControlError) ctx.set(error.headers);
    }
    if (!body) return;
    ctx.status = body.status;
    ctx.body = body;
  };
}

function bodyOf(error: unknown): ErrorBody {
  if (error instanceof ControlError) return { error: error.message, status: error.status };
  if (error instanceof InvalidError) {
    const problems = error.problems.slice(0, MOST_PROBLEMS).map(({ path, message, ...more }) => ({
      path: path.map((key) => (typeof key === 'string' ? shortened(key) : key)),
      message: shortened(message),
      ...more,
    }));
    const path = problems[0]?.path ?? [];
    const message = problems.map((problem) => problem.message).join('\n');
    return {
      error: message,
      status: 400,
      ...(path.length > 0 ? { path: path.join('.') } : {}),
      problems,
    };
  }
  if (error instanceof BrownoutError)
    return { error: error.message, status: 409, code: error.code };
  return { error: `brownout failed: ${messageOf(error)}`, status: 500 };
}

function unanswered(status: number, path: string): ErrorBody {
  if (status === 404)
    return { error: `there is no ${shortened(path)}: GET /v1 says what runs`, status };
  if (status === 405) return { error: 'not with this method: see Allow', status };
  return { error: `refused with ${status}`, status };
}

function shortened(message: string): string {
  return message.length > LONGEST_MESSAGE ? `${message.slice(0, LONGEST_MESSAGE)}…` : message;
}

const MOST_PROBLEMS = 50;
const LONGEST_MESSAGE = 1000;
