import { BadRequest } from './classes.ts';
import type { HttpErrorOptions } from './http-error.ts';
import type { RequestProblem } from './problems.ts';

/** Values of a request that do not fit: 400, or 422 where `handleErrors` is told `validationStatus: 422`. Says all that is wrong. */
export class InvalidRequest extends BadRequest {
  constructor(problems: readonly RequestProblem[], options: HttpErrorOptions = {}) {
    super(undefined, { code: 'invalid_request', ...options, problems });
  }

  override get isInvalid(): boolean {
    return true;
  }
}

/** A parameter that a request cannot do without. The words, their comma and the code are those that clients of the original know. */
export class MissingParameter extends BadRequest {
  constructor(name: string, options: HttpErrorOptions = {}) {
    super(`The required parameter "${name}", is missing`, { code: '108', ...options });
  }
}
