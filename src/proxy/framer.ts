import type { Framing } from './head.ts';

/** Finds where a head ends in bytes that come in pieces. It changes nothing: the bytes it gives are those that came. */
export interface HeadFinder {
  /**
   * Reads on in `chunk` from `at`. The index after the head's empty line; `UNFINISHED` when the head goes on in the next
   * chunk; `NO_HEAD` when this is no head and never will be.
   */
  find(chunk: Buffer, at: number): number;
  /** All bytes of the head, or what has come of it; the next call begins with another. */
  take(): Buffer;
  /** Bytes of an unfinished head were read. */
  readonly begun: boolean;
}

/**
 * A head that is past `HEAD_LIMIT` is none.
 * @param firstLine what the first line must look like
 * @param lineBegun what it must look like while it comes
 */
export function createHeadFinder(firstLine: RegExp, lineBegun = /^/): HeadFinder {
  let pieces: Buffer[] = [];
  let size = 0;
  let lineChecked = false;
  let last = 0;

  return {
    find(chunk, at) {
      const end = pieces.length === 0 ? endIn(chunk, at) : endAcross(chunk, at);
      keep(chunk.subarray(at, end < 0 ? chunk.length : end));
      if (size > HEAD_LIMIT) return NO_HEAD;
      if (end >= 0) return end;
      return plausible(chunk, at) ? UNFINISHED : NO_HEAD;
    },
    take() {
      const head = pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
      pieces = [];
      size = 0;
      lineChecked = false;
      last = 0;
      return head;
    },
    get begun() {
      return pieces.length > 0;
    },
  };

  function keep(piece: Buffer): void {
    pieces.push(piece);
    size += piece.length;
    if (pieces.length > MOST_PIECES) pieces = [Buffer.concat(pieces)];
  }

  /** The empty line may have begun in the chunk before. */
  function endAcross(chunk: Buffer, at: number): number {
    const before = Buffer.concat(pieces.slice(-3)).subarray(-3);
    const seam = Buffer.concat([before, chunk.subarray(at, at + 3)]).indexOf(EMPTY_LINE);
    return seam >= 0 ? at + seam + EMPTY_LINE.length - before.length : endIn(chunk, at);
  }

  /** What waits for the rest of a head that never comes would hold the bytes for ever: they are looked at as they come. */
  function plausible(chunk: Buffer, at: number): boolean {
    let lineEnded = false;
    for (let i = at; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      if (byte === LF ? last !== CR : byte < 32 && byte !== CR && byte !== TAB) return false;
      last = byte;
      lineEnded ||= byte === LF;
    }
    if (lineChecked) return true;
    // Who waits for an answer to half a line would wait for ever; a long one is not looked at again and again.
    if (!lineEnded && size > LOOKED_AT_MOST) return true;
    lineChecked = lineEnded;
    const begun = Buffer.concat(pieces);
    if (!lineEnded) return lineBegun.test(begun.toString('latin1'));
    return firstLine.test(begun.toString('latin1', 0, begun.indexOf(LF) + 1));
  }
}

/** Follows a message's body. It changes nothing and keeps nothing. */
export interface BodyReader {
  /**
   * Reads on in `chunk` from `at`; gives the index after what is alike: bytes of the body, or of its framing. Past the end
   * of the body, or where it is broken, it gives `at`.
   */
  read(chunk: Buffer, at: number): number;
  /** What was read last was body, not framing. */
  readonly payload: boolean;
  readonly state: 'open' | 'done' | 'broken';
  /** It ends with the connection. */
  readonly endless: boolean;
}

export function createBodyReader(framing: Framing): BodyReader {
  return framing.kind === 'chunked'
    ? createChunkedReader()
    : createPlainReader(
        framing.kind === 'length' ? framing.length : framing.kind === 'none' ? 0 : Infinity,
      );
}

function createPlainReader(length: number): BodyReader {
  let left = length;
  // Two are made for every exchange: an accessor would be made with each.
  const reader = {
    read(chunk: Buffer, at: number) {
      const taken = Math.min(left, chunk.length - at);
      left -= taken;
      if (left === 0) reader.state = 'done';
      return at + taken;
    },
    payload: true,
    endless: length === Infinity,
    state: (left === 0 ? 'done' : 'open') as BodyReader['state'],
  };
  return reader;
}

/** RFC 9112, section 7.1, with extensions and trailers. */
function createChunkedReader(): BodyReader {
  let place: 'size' | 'extension' | 'data' | 'after' | 'trailer' = 'size';
  let state: BodyReader['state'] = 'open';
  let payload = false;
  let left = 0;
  let digits = 0;
  /** The byte before was a CR: an LF must follow. */
  let returned = false;
  let lineLength = 0;

  return {
    read(chunk, at) {
      payload = place === 'data';
      if (payload) {
        const taken = Math.min(left, chunk.length - at);
        left -= taken;
        if (left === 0) place = 'after';
        return at + taken;
      }
      let i = at;
      while (i < chunk.length && state === 'open' && place !== 'data') {
        if (!step(chunk[i] as number)) state = 'broken';
        else i++;
      }
      return i;
    },
    endless: false,
    get payload() {
      return payload;
    },
    get state() {
      return state;
    },
  };

  /** Takes one byte of framing; false where it cannot stand there. */
  function step(byte: number): boolean {
    if (returned) {
      returned = false;
      return byte === LF && endLine();
    }
    if (byte === CR) {
      returned = true;
      return place !== 'size' || digits > 0;
    }
    if (byte < 32 && byte !== TAB) return false;
    lineLength++;
    if (place === 'size') return inSize(byte);
    return place !== 'after';
  }

  function inSize(byte: number): boolean {
    const digit = hexDigit(byte);
    if (digit < 0) {
      place = 'extension';
      return digits > 0 && (byte === SEMICOLON || byte === SPACE || byte === TAB);
    }
    digits++;
    left = left * 16 + digit;
    return left <= Number.MAX_SAFE_INTEGER;
  }

  function endLine(): boolean {
    const empty = lineLength === 0;
    lineLength = 0;
    if (place === 'trailer') {
      if (empty) state = 'done';
    } else if (place === 'after') {
      place = 'size';
    } else {
      place = left > 0 ? 'data' : 'trailer';
    }
    digits = place === 'size' ? 0 : digits;
    return true;
  }
}

function endIn(chunk: Buffer, at: number): number {
  const found = chunk.indexOf(EMPTY_LINE, at);
  return found < 0 ? UNFINISHED : found + EMPTY_LINE.length;
}

function hexDigit(byte: number): number {
  if (byte >= 48 && byte <= 57) return byte - 48;
  const letter = byte | 0x20;
  return letter >= 97 && letter <= 102 ? letter - 87 : -1;
}

/** A longer head is relayed, but not understood. */
export const HEAD_LIMIT = 1024 ** 2;
/** How much of a first line is read before it ends. */
const LOOKED_AT_MOST = 1024;
/** Who sends byte by byte costs no more memory than another. */
const MOST_PIECES = 1024;
/** Where a head ends: not in this chunk, or nowhere, for it is none. */
export const [UNFINISHED, NO_HEAD] = [-1, -2];
const [TAB, LF, CR, SPACE, SEMICOLON] = [9, 10, 13, 32, 59];
const EMPTY_LINE = Buffer.from('\r\n\r\n');
