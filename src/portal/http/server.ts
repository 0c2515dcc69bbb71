import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { refuse, refusalOf } from './refusal.ts';
import type { HttpConfig } from './settings.ts';

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server that answers in the portal's own format also where Node would answer by itself: for what is no HTTP, too large, or too slow
 * in coming.
 */
export function createPortalServer(
  handle: Handle,
  { headersTimeoutMs, requestTimeoutMs }: HttpConfig,
): Server {
  const server = createServer({
    headersTimeout: headersTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // Slow ones are noticed by looking from time to time: at most a quarter too late.
    connectionsCheckingInterval: Math.max(MIN_CHECK_MS, headersTimeoutMs / 4),
    requireHostHeader: false,
  });
  const latest = new WeakMap<Socket, ServerResponse>();
  server.on('request', (request, response) => {
    latest.set(request.socket, response);
    if (request.headers.host === undefined && request.httpVersion === '1.1') {
      refuse(response, 400, 'The Host header is missing.');
    } else handle(request, response);
  });
  // What the portal does not know it need not meet.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latest.get(socket);
    const isAnswering = response?.headersSent === true && !response.writableFinished;
    if (error.code === 'ECONNRESET' || isAnswering) socket.destroy();
    // The first refusal has ended it: what still comes on the connection is as wrong as what came before.
    else if (socket.writable) endWith(socket, refusalOf(error.code));
  });
  return server;
}

/** Reads on for a while: what is closed while more comes is reset, and a reset takes the answer away with it. */
function endWith(socket: Socket, answer: string): void {
  socket.end(answer);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

const MIN_CHECK_MS = 10;
const LINGER_MS = 1000;
