import type { Context } from 'koa';
import { InvalidError, messageOf } from '../common/errors.ts';

/**
 * The JSON in a request's body, which may have 1 MB.
 * @throws {InvalidError} when it is not JSON
 * @throws Koa's HttpError: 413 when it is too big, 400 when it does not arrive whole
 */
export async function readJson(context: Context): Promise<unknown> {
  const text = await readBody(context);
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new InvalidError([{ path: [], message: `the body is not JSON: ${messageOf(error)}` }]);
  }
}

async function readBody(context: Context): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of context.req) {
      size += (chunk as Buffer).length;
      if (size > LIMIT) break;
      chunks.push(chunk as Buffer);
    }
  } catch (cause) {
    throw context.throw(400, 'the body did not arrive whole', { cause });
  }
  // The rest of the body is not read, so the connection cannot be used again.
  if (size > LIMIT)
    context.throw(413, 'the body is over 1 MB', { headers: { Connection: 'close' } });
  return Buffer.concat(chunks).toString('utf8');
}

const LIMIT = 1024 ** 2;
