import { createServer } from 'node:net';
import { listen, type Listening } from '../../../src/common/server.ts';
import { PLANTED } from './secrets.ts';

/** Something that a client of PostgreSQL takes for a server: it lets everyone in, and fails each statement with a SQLSTATE and secrets. */
export async function failingPostgres(sqlstate: string): Promise<Listening> {
  const server = createServer((socket) => {
    let welcomed = false;
    socket.on('error', () => undefined);
    socket.on('data', () => {
      socket.write(welcomed ? Buffer.concat([refusal(sqlstate), READY]) : WELCOME);
      welcomed = true;
    });
  });
  return listen(server);
}

function refusal(sqlstate: string): Buffer {
  const fields = { S: 'ERROR', V: 'ERROR', C: sqlstate, M: PLANTED, D: PLANTED, H: PLANTED };
  const more = { W: PLANTED, t: 'accounts', n: 'secret_constraint', F: 'secret-file.c', R: 'leak' };
  const text = Object.entries({ ...fields, ...more }).map(([key, value]) => `${key}${value}\0`);
  return message('E', Buffer.from(`${text.join('')}\0`));
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type);
  head.writeUInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

const READY = message('Z', Buffer.from('I'));
/** Authentication is done, and statements may come. */
const WELCOME = Buffer.concat([message('R', Buffer.alloc(4)), READY]);
