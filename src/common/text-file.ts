import { closeSync, openSync, fstatSync, readFileSync, readSync, statSync } from 'node:fs';
import { FileError, messageOf, TooLargeError } from './errors.ts';

/**
 * The text of a file that people wrote: UTF-8, or UTF-16 where its byte order mark says so, without the mark.
 * @throws {FileError} when it cannot be read, is no text, or is larger than any such file
 */
export function readText(file: string): string {
  const bytes = readBytes(file);
  const { encoding, at } = badByte(bytes);
  if (at !== undefined) {
    const before = new TextDecoder(encoding).decode(bytes.subarray(0, at), { stream: true });
    const message = `is no text: a byte here is not ${encoding}. Save it as UTF-8`;
    throw new FileError([{ file, ...placeIn(before, before.length), message }]);
  }
  return new TextDecoder(encoding).decode(bytes);
}

/** The first 4 KB of a file, whatever they are. */
export function beginningOf(file: string): string {
  const bytes = Buffer.alloc(4096);
  const descriptor = openSync(file, 'r');
  try {
    return bytes.toString('latin1', 0, readSync(descriptor, bytes));
  } finally {
    closeSync(descriptor);
  }
}

/** What stands at a path where no file does, such as `no such file`; undefined where a file does. */
export function whyNoFile(path: string): string | undefined {
  try {
    const stats = statSync(path);
    if (stats.isFile()) return undefined;
    return stats.isDirectory() ? 'a folder, not a file' : 'a device or a pipe, not a file';
  } catch (error) {
    return reasonOf(error as NodeJS.ErrnoException);
  }
}

/** Line and column, both from 1, of an offset in a text. */
export function placeIn(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

function readBytes(file: string): Buffer {
  const fail = (message: string, cause?: unknown) =>
    new FileError([{ file, line: 1, column: 1, message }], { cause });
  let descriptor: number | undefined;
  // Before it is opened: to open a pipe waits for its other end, and nothing could interrupt that.
  const missing = whyNoFile(file);
  if (missing !== undefined) throw fail(`cannot be read: ${missing}`);
  try {
    descriptor = openSync(file, 'r');
    const { size } = fstatSync(descriptor);
    if (size > MOST_BYTES) {
      const [megabytes, most] = [size, MOST_BYTES].map((one) => (one / 1024 ** 2).toFixed(1));
      const message = `is too large: ${megabytes} MB, and at most ${most} MB are read`;
      throw new TooLargeError([{ file, line: 1, column: 1, message }]);
    }
    return readFileSync(descriptor);
  } catch (error) {
    if (error instanceof FileError) throw error;
    throw fail(`cannot be read: ${reasonOf(error as NodeJS.ErrnoException)}`, error);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function reasonOf(error: NodeJS.ErrnoException): string {
  return REASONS[error.code ?? ''] ?? messageOf(error);
}

/** In which encoding it is, and where the first byte stands that does not belong there. */
function badByte(bytes: Buffer): { encoding: string; at?: number } {
  const encoding = MARKS[bytes.subarray(0, 2).toString('hex')] ?? 'utf-8';
  if (fits(bytes, encoding)) return { encoding };
  let [good, bad] = [0, bytes.length];
  // What is good to a byte is good to each before it; a character may be cut at the end, so whole ones are looked for.
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (fits(bytes.subarray(0, middle), encoding, true)) good = middle;
    else bad = middle;
  }
  return { encoding, at: good };
}

function fits(bytes: Buffer, encoding: string, cut = false): boolean {
  try {
    new TextDecoder(encoding, { fatal: true }).decode(bytes, { stream: cut });
    return true;
  } catch {
    return false;
  }
}

const MARKS: Readonly<Record<string, string>> = { fffe: 'utf-16le', feff: 'utf-16be' };
const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  ENOTDIR: 'no such file',
  ENAMETOOLONG: 'its name is too long',
  ERR_INVALID_ARG_VALUE: 'no file can have this name',
  EACCES: 'permission denied',
  ELOOP: 'its links lead in a circle',
  EMFILE: 'too many files are open (raise the limit: ulimit -n)',
};
/** Far more than people write. */
const MOST_BYTES = 2 * 1024 ** 2;
