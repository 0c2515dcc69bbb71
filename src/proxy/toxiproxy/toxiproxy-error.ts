import { BrownoutError, type Problem } from '../../common/errors.ts';

/** What a request of Toxiproxy's kind is refused with, in Toxiproxy's words where it has some. */
export class ToxiproxyError extends BrownoutError {
  readonly status: number;

  constructor(status: number, message: string, options?: ErrorOptions) {
    super('toxiproxy', message, options);
    this.status = status;
  }
}

/** What is wrong with a body, said as Toxiproxy would: its reason stands behind its own words. */
export function badBody(reason: string): ToxiproxyError {
  return new ToxiproxyError(400, `bad request body: ${reason}`);
}

/** The first of what is wrong, and where. */
export function badBodyOf([problem]: readonly Problem[]): ToxiproxyError {
  const { path = [], message = '' } = problem ?? {};
  if (path.length === 1 && (message === UNKNOWN_TYPE || message === UNKNOWN_STREAM))
    return new ToxiproxyError(400, message);
  return badBody(path.length > 0 ? `${path.join('.')}: ${message}` : message);
}

export const UNKNOWN_TYPE = 'invalid toxic type';
export const UNKNOWN_STREAM = 'stream was invalid, can be either upstream or downstream';
