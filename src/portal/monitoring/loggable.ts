import { BrownoutError } from '../../common/errors.ts';
import { HttpError } from '../errors/http-error.ts';
import { HIDDEN } from '../secrets.ts';
import { isSecretName, type Scrub } from './scrub.ts';

/** A value as the log may show it: without secrets, and not larger than anyone reads. */
export function loggable(value: unknown, scrub: Scrub): unknown {
  return shown(value, { scrub, depth: 0, stacks: true });
}

interface Manner {
  readonly scrub: Scrub;
  readonly depth: number;
  /** Whether errors have their stack. */
  readonly stacks: boolean;
}

function shown(value: unknown, manner: Manner): unknown {
  const { scrub, depth } = manner;
  if (typeof value === 'string') return scrub(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > DEEPEST) return '…';
  const below = { ...manner, depth: depth + 1 };
  if (value instanceof Error) return errorFacts(value, below);
  if (Array.isArray(value)) return value.slice(0, LONGEST_LIST).map((item) => shown(item, below));
  if (isPlain(value)) {
    const facts: Record<string, unknown> = {};
    for (const key in value) facts[key] = isSecretName(key) ? HIDDEN : shown(value[key], below);
    return facts;
  }
  // A date, an address. Of anything else its parts are nobody's business.
  const { toJSON } = value as { toJSON?: unknown };
  if (typeof toJSON === 'function') return shown(toJSON.call(value), below);
  return `[${value.constructor.name}]`;
}

/**
 * What the log says of an error and of what caused it. The stack is shown of what nobody foresaw; an error of ours says what is wrong in
 * its message, and where it was thrown is no news. Nothing else of it is shown: errors of libraries carry queries, headers
 * and settings.
 */
function errorFacts(error: Error, manner: Manner): object {
  const { name, message, stack, cause } = error;
  const { code } = error as NodeJS.ErrnoException;
  const expected = error instanceof HttpError && error.severity !== 'error';
  const stacks = manner.stacks && !expected;
  return {
    type: name,
    message: manner.scrub(message),
    ...(typeof code === 'string' && code !== '' && { code: manner.scrub(code) }),
    ...(stacks &&
      !(error instanceof BrownoutError) &&
      stack !== undefined && { stack: manner.scrub(stack) }),
    ...(cause !== undefined && { cause: shown(cause, { ...manner, stacks }) }),
  };
}

function isPlain(value: object): value is Record<string, unknown> {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}

const DEEPEST = 6;
const LONGEST_LIST = 100;
