import type { HttpError } from './http-error.ts';
import { phraseOf } from './messages.ts';
import type { RequestProblem } from './problems.ts';

/** An error as a client may see it. */
export interface ErrorFacts {
  readonly status: number;
  /** `Not Found` */
  readonly phrase: string;
  /** `404 Not Found` */
  readonly title: string;
  /** A sentence. */
  readonly message: string;
  /** What a format with room for one line says: all problems in a row, or the message where there are none. */
  readonly line: string;
  /** Any JSON; the message unless the error says more. */
  readonly detail: unknown;
  /** `not_found` */
  readonly code: string;
  readonly problems: readonly RequestProblem[];
  readonly requestId?: string;
}

/** A form that an error can be sent in. */
export interface Renderer {
  /** The Content-Type. */
  readonly type: string;
  /** What else a client may ask for, by Accept, and be content with this. */
  readonly suits: readonly string[];
  /** The body. What it is given has a status from 400 to 599 and a message that is not blank. */
  render(error: ErrorFacts): string;
}

/** @param status what is sent, which for invalid requests may be another than the error's own */
export function factsOf(error: HttpError, status: number, requestId?: string): ErrorFacts {
  const { message, line, detail, code, problems } = error;
  const phrase = phraseOf(status);
  const title = `${status} ${phrase}`;
  const id = requestId === undefined ? {} : { requestId };
  return { status, phrase, title, message, line, detail, code, problems, ...id };
}

/** The detail in words. */
export function detailText({ detail, message, line }: ErrorFacts): string {
  if (line !== message) return line;
  return typeof detail === 'string' ? detail : JSON.stringify(detail);
}
