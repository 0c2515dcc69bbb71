import { BrownoutError } from '../../common/errors.ts';
import { isSecretName, HIDDEN, type Scrub } from './scrub.ts';

/** A value as the log may show it: without secrets, and not larger than anyone reads. */
export function loggable(value: unknown, scrub: Scrub, depth = 0): unknown {
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '…';
  if (value instanceof Error) return errorFacts(value, scrub, depth);
  if (Array.isArray(value)) {
    return value.slice(0, LONGEST_LIST).map((item) => loggable(item, scrub, depth + 1));
  }
  if (isPlain(value)) {
    const facts: Record<string, unknown> = {};
    for (const key in value) {
      facts[key] = isSecretName(key) ? HIDDEN : loggable(value[key], scrub, depth + 1);
    }
    return facts;
  }
  // A date, an address. Of anything else its parts are nobody's business.
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return loggable(toJSON.call(value), scrub, depth + 1);
  return `[${value.constructor.name}]`;
}

/**
 * What the log says of an error and of what caused it. The stack is shown of what nobody foresaw; an error of ours says what is wrong in
 * its message, and where it was thrown is no news. Nothing else of it is shown: errors of libraries carry queries, headers
 * and settings.
 */
function errorFacts(error: Error, scrub: Scrub, depth: number): object {
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  const foreseen = error instanceof BrownoutError;
  return {
    type: name,
    message: scrub(message),
    ...(typeof code === 'string' && { code: scrub(code) }),
    ...(!foreseen && stack !== undefined && { stack: scrub(stack) }),
    ...(cause !== undefined && { cause: loggable(cause, scrub, depth + 1) }),
  };
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const DEEPEST = 6;
const LONGEST_LIST = 100;
