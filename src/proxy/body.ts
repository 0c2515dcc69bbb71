import { promisify } from 'node:util';
import { brotliCompress, brotliDecompress, deflate, gunzip, gzip, inflate } from 'node:zlib';

/** Reads a body whole. */
export async function collect(body: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Runs the edits over a body, inside its content encoding. Gives undefined when none could act: the body then goes on as
 * it came. A body in an encoding that is not known, or that does not hold what it says, cannot be edited.
 */
export async function editEncoded(
  body: Buffer,
  encoding: string | undefined,
  edits: readonly ((body: Buffer) => Buffer | undefined)[],
): Promise<Buffer | undefined> {
  const codec = CODECS.get(encoding?.toLowerCase() ?? 'identity');
  const plain = await codec?.decode(body).catch(() => undefined);
  if (!codec || !plain) return undefined;
  let edited: Buffer | undefined;
  for (const edit of edits) edited = edit(edited ?? plain) ?? edited;
  return edited && codec.encode(edited);
}

interface Codec {
  decode(body: Buffer): Promise<Buffer>;
  encode(body: Buffer): Promise<Buffer>;
}

const identity = (body: Buffer) => Promise.resolve(body);

/** A map: the upstream chooses the name, and `constructor` is none. */
const CODECS: ReadonlyMap<string, Codec> = new Map([
  ['identity', { decode: identity, encode: identity }],
  ['gzip', { decode: promisify(gunzip), encode: promisify(gzip) }],
  ['deflate', { decode: promisify(inflate), encode: promisify(deflate) }],
  ['br', { decode: promisify(brotliDecompress), encode: promisify(brotliCompress) }],
]);
