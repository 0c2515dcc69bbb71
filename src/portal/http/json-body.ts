import type { z } from 'zod';
import { BadRequest, PayloadTooLarge, UnsupportedMediaType } from '../errors/classes.ts';
import { checked } from './checked.ts';
import type { PortalContext } from './context.ts';

/**
 * Reads a request's JSON body and checks it.
 * @throws {HttpError} 415 for another type, 413 above 16 KB, 400 for what is not JSON or does not fit the schema
 */
export async function jsonBody<T>(ctx: PortalContext, schema: z.ZodType<T>): Promise<T> {
  const isJson = ctx.is('json', '+json') && !ctx.get('content-encoding');
  if (!isJson && hasBody(ctx)) {
    throw new UnsupportedMediaType('The body must be plain JSON.');
  }
  return checked(schema, parse(await readText(ctx)), 'body');
}

function hasBody(ctx: PortalContext): boolean {
  return Boolean(ctx.request.length) || ctx.get('transfer-encoding') !== '';
}

async function readText(ctx: PortalContext): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  if ((ctx.request.length ?? 0) > LIMIT) throw tooLarge();
  try {
    for await (const chunk of ctx.req.iterator({ destroyOnReturn: false })) {
      size += (chunk as Buffer).length;
      if (size > LIMIT) break;
      chunks.push(chunk as Buffer);
    }
  } catch (error) {
    throw new BadRequest('The body ended early.', { code: 'incomplete_body', cause: error });
  }
  if (size > LIMIT) throw tooLarge();
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  if (text === '') return {};
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadRequest('JSON is malformed.', { code: 'malformed_json', cause: error });
  }
}

function tooLarge(): PayloadTooLarge {
  const message = `The body is larger than ${LIMIT} bytes.`;
  // The rest of the body is not read: this connection cannot carry another request.
  const headers = { Connection: 'close' };
  return new PayloadTooLarge(message, { headers });
}

const LIMIT = 16 * 1024;
