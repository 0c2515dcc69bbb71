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
  /** The message, or all that does not fit in one line. */
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

/** The detail in words. */
export function detailText({ detail, message, line }: ErrorFacts): string {
  if (line !== message) return line;
  return typeof detail === 'string' ? detail : JSON.stringify(detail);
}
