import type { Context } from 'koa';
import { invalid, InvalidError } from '../../common/errors.ts';
import { ControlError } from './control-error.ts';
import { findFlaw } from './json-flaw.ts';

/**
 * Reads a request's JSON.
 * @throws {ControlError} 415 for another type, 413 above 1 MB
 * @throws {InvalidError} for what is not JSON, or JSON that no rule could be: too deep, or with a key twice
 */
export async function readJson(ctx: Context): Promise<unknown> {
  if (!ctx.is('application/json')) {
    throw new ControlError(415, 'expected a body of content-type: application/json');
  }
  return parseJson(await readText(ctx));
}

/** @throws {InvalidError} as `readJson` */
export function parseJson(text: string): unknown {
  const flaw = text === '' ? NO_BODY : findFlaw(text, MOST_DEPTH);
  if (flaw) throw new InvalidError([flaw]);
  return JSON.parse(text);
}

/**
 * A request's body, whatever type it is said to have.
 * @throws {ControlError} 415 for what is compressed or not in UTF-8, 413 above 1 MB
 * @throws {InvalidError} for bytes that are no UTF-8
 */
export async function readText(ctx: Context): Promise<string> {
  const encoding = ctx.get('content-encoding');
  if (encoding !== '' && encoding !== 'identity') {
    throw new ControlError(415, `expected a body as it is, got content-encoding: ${encoding}`);
  }
  if (!/^(utf-?8)?$/i.test(ctx.request.charset)) {
    throw new ControlError(415, `expected a body in UTF-8, got charset=${ctx.request.charset}`);
  }
  return readUtf8(ctx);
}

/**
 * A request's body, whatever its headers say of it.
 * @throws {ControlError} 413 above 1 MB
 * @throws {InvalidError} for bytes that are no UTF-8
 */
export async function readUtf8(ctx: Context): Promise<string> {
  return decode(await readBytes(ctx));
}

/**
 * For requests that take no body: one that brings it means something else than will be done.
 * @throws {ControlError} 400
 */
export function refuseBody(ctx: Context): void {
  const length = ctx.get('content-length');
  if (ctx.get('transfer-encoding') === '' && (length === '' || Number(length) === 0)) return;
  const message = `${ctx.method} ${ctx.path} takes no body: say it in the query, or leave it out`;
  throw new ControlError(400, message, { connection: 'close' });
}

async function readBytes(ctx: Context): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  // Not destroyed when it is left: the answer goes by the same connection.
  for await (const chunk of ctx.req.iterator({ destroyOnReturn: false })) {
    const bytes = chunk as Buffer;
    size += bytes.length;
    // What is too much is read on, and dropped: a client that still sends would miss the answer. To a point.
    if (size <= MOST_BYTES) chunks.push(bytes);
    else chunks.length = 0;
    if (size > MOST_DROPPED) break;
  }
  if (size > MOST_BYTES) {
    const message = 'the body is larger than 1 MB: send it in parts';
    throw new ControlError(413, message, { connection: 'close' });
  }
  return Buffer.concat(chunks);
}

function decode(bytes: Buffer): string {
  if (bytes.indexOf(BYTE_ORDER_MARK) === 0)
    throw invalid([], 'the body begins with a byte order mark: send it without');
  const text = bytes.toString();
  // What is no UTF-8 was replaced.
  const encoded = Buffer.from(text);
  if (encoded.equals(bytes)) return text;
  const place = encoded.findIndex((byte, i) => byte !== bytes[i]);
  throw invalid([], `the body is not UTF-8: byte ${place + 1} cannot be read`);
}

const NO_BODY = { path: [], message: 'expected JSON as body, got none' };
const MOST_BYTES = 1024 ** 2;
const MOST_DROPPED = 16 * MOST_BYTES;
const MOST_DEPTH = 32;
const BYTE_ORDER_MARK = Buffer.from('\ufeff');
