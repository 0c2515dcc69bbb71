import { isDeepStrictEqual } from 'node:util';
import { InvalidError } from '../common/errors.ts';
import { valueAt } from '../common/json-pointer.ts';
import type { JsonSchema } from './json-schema.ts';

/**
 * Reads what a JSON body is to hold, by JSON pointer: `{ /user: ann, /tags: { contains: x } }`. A value is compared whole,
 * or is `{ present: true }`, `{ absent: true }`, or `{ contains: … }`: a part of a text or an element of a list. A body
 * that is not JSON never fits.
 * @throws {InvalidError} whose paths start at the value
 */
export function parseBodyMatch(value: unknown): (body: Buffer) => boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw invalid([], `expected JSON pointers and values, got ${JSON.stringify(value)}`);
  }
  const entries = Object.entries(value);
  if (entries.length === 0) throw invalid([], 'expected at least one pointer and its value');
  for (const [pointer] of entries) {
    if (POINTER.test(pointer)) continue;
    throw invalid(
      [pointer],
      `expected a JSON pointer such as /0/score, got ${JSON.stringify(pointer)}`,
      true,
    );
  }
  const asked = entries.map(([pointer, wanted]) => {
    const fits = fitting(wanted);
    return (document: unknown) => fits(valueAt(document, pointer));
  });
  return (body) => {
    const document = read(body);
    return document !== undefined && asked.every((part) => part(document));
  };
}

export function bodyMatchSchema(): JsonSchema {
  return {
    type: 'object',
    description: 'JSON pointers into the request’s JSON, and the values there',
    propertyNames: { pattern: POINTER.source },
    minProperties: 1,
  };
}

type Fits = (sent: unknown) => boolean;

function fitting(wanted: unknown): Fits {
  if (isWording(wanted, 'present') && wanted.present === true) return (sent) => sent !== undefined;
  if (isWording(wanted, 'absent') && wanted.absent === true) return (sent) => sent === undefined;
  if (isWording(wanted, 'contains')) return (sent) => contains(sent, wanted.contains);
  return (sent) => isDeepStrictEqual(sent, wanted);
}

/** An object of this key alone. */
function isWording<K extends string>(wanted: unknown, key: K): wanted is Record<K, unknown> {
  if (typeof wanted !== 'object' || wanted === null) return false;
  return Object.keys(wanted).join('\n') === key;
}

function contains(sent: unknown, part: unknown): boolean {
  if (Array.isArray(sent)) return sent.some((one) => isDeepStrictEqual(one, part));
  return typeof sent === 'string' && typeof part === 'string' && sent.includes(part);
}

function read(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
}

function invalid(path: readonly string[], message: string, atKey = false): InvalidError {
  return new InvalidError([{ path, message, atKey }]);
}

const POINTER = /^(\/([^~]|~[01])*)?$/;
