import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

/** One request that reached the stub. */
export interface StubCall {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
}

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly socket: Socket;
}

/** What the stub does with a request. */
export type Answer = (exchange: Exchange) => void;

export interface Stub extends AsyncDisposable {
  readonly url: string;
  readonly calls: StubCall[];
  /** How each of the two calls is answered; to be replaced at will. */
  board: Answer;
  stats: Answer;
  boardCalls(): number;
  statsCalls(): number;
  /** Connections that are open now. */
  connections(): number;
  /** Connections that were ever opened. */
  accepted(): number;
}

export const ADA = '0b1c8a52-6f7e-4d8e-9a51-3f0c2d7e4a01';
export const GRACE = '5d2f4c1e-9b3a-4e6d-8c7f-1a2b3c4d5e02';
export const BOARD = [
  { user_id: ADA, score: 3 },
  { user_id: GRACE, score: 1 },
];
export const NAMED_BOARD = [
  { user_id: ADA, score: 3, username: 'ada' },
  { user_id: GRACE, score: 1, username: 'grace' },
];
export const STATS = { games: '4', wins: '3', losses: '1' };

/** A tiny stats service with real sockets, so that it can misbehave in every way that sockets can. */
export async function startStub(port = 0): Promise<Stub> {
  const calls: StubCall[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((request, response) => {
    const url = request.url ?? '';
    calls.push({ url, headers: request.headers });
    const answer = url.startsWith('/stats') ? stub.stats : stub.board;
    answer({ request, response, socket: request.socket });
  });
  let accepted = 0;
  server.on('connection', (socket) => {
    accepted += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const stub: Stub = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls,
    board: json(BOARD),
    stats: json(STATS),
    boardCalls: () => calls.filter(({ url }) => !url.startsWith('/stats')).length,
    statsCalls: () => calls.filter(({ url }) => url.startsWith('/stats')).length,
    connections: () => sockets.size,
    accepted: () => accepted,
    async [Symbol.asyncDispose]() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
  return stub;
}

/** A JSON body, sent as text/html, as the real stats service sends it. */
export function json(value: unknown, status = 200): Answer {
  return text(JSON.stringify(value), status);
}

export function text(
  body: string | Buffer,
  status = 200,
  headers: Record<string, string> = {},
): Answer {
  return ({ response }) => {
    response.writeHead(status, { 'Content-Type': 'text/html; charset=utf-8', ...headers });
    response.end(body);
  };
}

/** Never answers. */
export const hang: Answer = () => undefined;

/** RST, not FIN. */
export const reset: Answer = ({ socket }) => socket.resetAndDestroy();

/** Exactly these bytes, then FIN. */
export function raw(bytes: string): Answer {
  return ({ socket }) => socket.end(bytes);
}

/** One answer after the other; the last one for good. */
export function inTurn(...answers: readonly Answer[]): Answer {
  let next = 0;
  return (exchange) => {
    const answer = answers[Math.min(next, answers.length - 1)];
    next += 1;
    answer?.(exchange);
  };
}
