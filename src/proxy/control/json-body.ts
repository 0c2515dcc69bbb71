import type { Context } from 'koa';
import { InvalidError } from '../../common/errors.ts';
import { ControlError } from './control-error.ts';

/**
 * Reads a request's JSON.
 * @throws {ControlError} 415 for another type, 413 above 1 MB, 400 for what is not JSON
 * @throws {InvalidError} for JSON that no rule could be: too deep, or with a key `__proto__`
 */
export async function readJson(ctx: Context): Promise<unknown> {
  if (!ctx.is('application/json') || ctx.get('content-encoding') !== '') {
    throw new ControlError(415, 'expected a body of content-type: application/json');
  }
  return parseJson(await readText(ctx));
}

/** @throws {ControlError} 400 for what is not JSON @throws {InvalidError} as `readJson` */
export function parseJson(text: string): unknown {
  const value = parse(text);
  checkShape(value);
  return value;
}

/** @throws {ControlError} 413 above 1 MB */
export async function readText(ctx: Context): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    size += chunk.length;
    // What is too much is read to its end, and dropped: a client that still sends would miss the answer.
    if (size <= MOST_BYTES) chunks.push(chunk);
    else chunks.length = 0;
  }
  if (size > MOST_BYTES) throw new ControlError(413, 'the body is larger than 1 MB');
  return Buffer.concat(chunks).toString();
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new ControlError(400, `the body is not JSON: ${(error as Error).message}`);
  }
}

/** Without recursion: the depth is the sender's choice. */
function checkShape(root: unknown): void {
  const left: { value: unknown; path: (string | number)[] }[] = [{ value: root, path: [] }];
  for (let next = left.pop(); next; next = left.pop()) {
    const { value, path } = next;
    if (typeof value !== 'object' || value === null) continue;
    if (path.length >= MOST_DEPTH) throw invalid(path, `nested deeper than ${MOST_DEPTH} levels`);
    if (Object.hasOwn(value, '__proto__')) {
      throw invalid([...path, '__proto__'], 'unknown key "__proto__"');
    }
    for (const [key, child] of Object.entries(value)) {
      left.push({ value: child, path: [...path, Array.isArray(value) ? Number(key) : key] });
    }
  }
}

function invalid(path: (string | number)[], message: string): InvalidError {
  return new InvalidError([{ path, message, atKey: true }]);
}

const MOST_BYTES = 1024 ** 2;
const MOST_DEPTH = 32;
