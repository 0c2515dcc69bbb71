import { createServer, type Socket } from 'node:net';
import { listen } from '../../../src/common/server.ts';

/** What it does with a connection, and what with a query: an SQLSTATE is an error that it answers with. */
export interface Habits {
  readonly connection?: string | ((socket: Socket) => void);
  readonly query?: string | ((socket: Socket) => void);
  /** How long it takes to greet. */
  readonly greetsAfterMs?: number;
}

export interface FakePostgresql extends AsyncDisposable {
  readonly url: string;
  connections(): number;
  /** Those that are open now. */
  open(): number;
  queries(): number;
}

/** As much of a PostgreSQL server as refuses in every way that a real one does only when it is in trouble. */
export async function startFakePostgresql(habits: Habits): Promise<FakePostgresql> {
  let connections = 0;
  let open = 0;
  let queries = 0;
  const server = createServer((socket) => {
    connections += 1;
    open += 1;
    socket.on('error', () => undefined).on('close', () => (open -= 1));
    const { connection, query = 'XX000', greetsAfterMs = 0 } = habits;
    if (typeof connection === 'function') return connection(socket);
    let greeted = false;
    onMessages(socket, (type) => {
      if (!greeted) {
        greeted = true;
        if (connection !== undefined) socket.end(refusal('FATAL', connection));
        else setTimeout(() => socket.write(Buffer.concat([AUTHENTICATED, READY])), greetsAfterMs);
      } else if (type === 'S' || type === 'Q') {
        queries += 1;
        if (typeof query === 'function') query(socket);
        else socket.write(Buffer.concat([refusal('ERROR', query), READY]));
      }
    });
  });
  const listening = await listen(server);
  return {
    url: `postgres://portal:hunter2@127.0.0.1:${listening.port}/portal`,
    connections: () => connections,
    open: () => open,
    queries: () => queries,
    [Symbol.asyncDispose]: () => listening[Symbol.asyncDispose](),
  };
}

/** Calls back with the type of each message; the first one, by which a client presents itself, has none. */
function onMessages(socket: Socket, heard: (type: string) => void): void {
  let rest = Buffer.alloc(0);
  let head = 0;
  socket.on('data', (chunk) => {
    rest = Buffer.concat([rest, chunk]);
    while (rest.length >= head + 4 && rest.length >= head + rest.readInt32BE(head)) {
      const type = rest.toString('latin1', 0, head);
      rest = rest.subarray(head + rest.readInt32BE(head));
      head = 1;
      heard(type);
    }
  });
}

function message(type: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.write(type, 'latin1');
  head.writeInt32BE(body.length + 4, 1);
  return Buffer.concat([head, body]);
}

function refusal(severity: string, sqlstate: string): Buffer {
  const fields = { S: severity, V: severity, C: sqlstate, M: 'select hunter2 from 10.1.2.3' };
  const text = Object.entries(fields).map(([field, value]) => `${field}${value}\0`);
  return message('E', Buffer.from(`${text.join('')}\0`));
}

const AUTHENTICATED = message('R', Buffer.alloc(4));
const READY = message('Z', Buffer.from('I'));
