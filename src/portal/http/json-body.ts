import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import { BadRequest, PayloadTooLarge, UnsupportedMediaType } from '../errors/classes.ts';
import { checked } from './checked.ts';
import type { PortalContext } from './context.ts';

/**
 * Reads a request's JSON body and checks it.
 * @throws {HttpError} 415 for another type, 413 above 16 KB, 400 for what is not JSON, is nested too deeply or does not fit the schema
 */
export async function jsonBody<T>(ctx: PortalContext, schema: z.ZodType<T>): Promise<T> {
  if (!isPlainJson(ctx) && hasBody(ctx)) {
    throw new UnsupportedMediaType('The body must be plain JSON in UTF-8.');
  }
  return checked(schema, parse(await readText(ctx)), 'body');
}

function isPlainJson({ request }: PortalContext): boolean {
  const isJson = request.is('json', '+json') && !request.get('content-encoding');
  return isJson !== false && /^(utf-?8)?$/i.test(request.charset);
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
  const bytes = Buffer.concat(chunks);
  // Decoded nonetheless it would be kept with other characters than were sent.
  if (!isUtf8(bytes)) throw malformed();
  return bytes.toString('utf8');
}

function parse(text: string): unknown {
  if (text === '') return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw malformed(error);
  }
  // What looks through a value calls itself for each level, and the stack does not have as many as a body has room for.
  if (isDeeperThan(DEEPEST, value)) {
    throw new BadRequest('JSON is nested too deeply.', { code: 'invalid_request' });
  }
  return value;
}

function isDeeperThan(levels: number, value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((inner) => isDeeperThan(levels - 1, inner));
}

function malformed(cause?: unknown): BadRequest {
  return new BadRequest('JSON is malformed.', { code: 'malformed_json', cause });
}

function tooLarge(): PayloadTooLarge {
  const message = `The body is larger than ${LIMIT} bytes.`;
  // The rest of the body is not read: this connection cannot carry another request.
  const headers = { Connection: 'close' };
  return new PayloadTooLarge(message, { headers });
}

const LIMIT = 16 * 1024;
const DEEPEST = 16;
