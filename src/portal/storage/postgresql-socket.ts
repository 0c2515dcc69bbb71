import { Socket } from 'node:net';

/**
 * A socket for the driver, which trusts what it reads: by bytes that are no answer of PostgreSQL it throws where nobody catches it, and an
 * error that does not end it reads for ever. Here they end the connection.
 */
export function createSocket(): Socket {
  const socket = new Socket();
  const emit = socket.emit.bind(socket) as (event: string, ...about: unknown[]) => boolean;
  const check = createCheck();
  return Object.assign(socket, {
    emit(event: string, ...about: unknown[]) {
      if (event !== 'data') return emit(event, ...about);
      try {
        check(about[0] as Buffer);
        return emit(event, ...about);
      } catch (error) {
        socket.destroy(error as Error);
        return true;
      }
    },
  });
}

/** Follows the messages, each a type and a length that counts itself but not the type. */
function createCheck(): (chunk: Buffer) => void {
  let rest: Buffer = Buffer.alloc(0);
  return (chunk) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length >= at + HEAD) {
      const end = at + 1 + rest.readUInt32BE(at + 1);
      if (end > rest.length) break;
      if (TOLD_BY_FIELDS.includes(rest.toString('latin1', at, at + 1))) {
        if (!hasEnd(rest.subarray(at + HEAD, end))) throw new Error('an error without an end');
      }
      at = end;
    }
    rest = rest.subarray(at);
  };
}

/** Whether the fields, each a type and a text with a NUL behind it, are followed by a NUL. */
function hasEnd(fields: Buffer): boolean {
  let at = 0;
  while (at < fields.length && fields[at] !== 0) {
    const end = fields.indexOf(0, at + 1);
    if (end === -1) return false;
    at = end + 1;
  }
  return at < fields.length;
}

const HEAD = 5;
/** Errors and notices. */
const TOLD_BY_FIELDS = ['E', 'N'];
