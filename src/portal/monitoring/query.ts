import { BadRequest } from '../errors/classes.ts';
import type { PortalContext } from '../http/context.ts';

/**
 * A parameter of the query.
 * @param read throws {RangeError} with a phrase that says what was expected
 * @throws {HttpError} 400 that names the parameter, also where it is given twice
 */
export function queryParameter<T>(
  ctx: PortalContext,
  name: string,
  fallback: string,
  read: (text: string) => T,
): T {
  const given = new URLSearchParams(ctx.querystring).getAll(name);
  try {
    if (given.length > 1) throw new RangeError('expected one value');
    return read(given[0] ?? fallback);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new BadRequest(`The parameter ${name} is not valid: ${error.message}.`, {
      code: 'invalid_parameter',
      problems: [{ path: [name], message: error.message }],
    });
  }
}
