import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Renderer } from '../errors/renderer.ts';
import { refusalOf, written } from './refusal.ts';
import type { HttpConfig } from './settings.ts';

export type Handle = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * A server that answers in the portal's own format also where Node would answer by itself: what is no HTTP, too large, or too slow in
 * coming.
 */
export function createPortalServer(
  handle: Handle,
  { headersTimeoutMs, requestTimeoutMs }: HttpConfig,
  renderer: Renderer,
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
    const wrong = wrongWith(request);
    if (!wrong) return handle(request, response);
    const { status, headers, body } = refusalOf(...wrong, renderer);
    return response.writeHead(status, headers).end(body);
  });
  // What the portal does not know it need not meet.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const response = latest.get(socket);
    const isAnswering = response?.headersSent === true && !response.writableEnded;
    if (error.code === 'ECONNRESET' || isAnswering) socket.destroy();
    // The first refusal has ended it: what still comes on the connection is as wrong as what came before.
    else if (socket.writable) {
      const refusal = REFUSALS[error.code ?? ''] ?? NO_HTTP;
      endWith(socket, written(refusalOf(...refusal, renderer)));
    }
  });
  return server;
}

function wrongWith({ rawHeaders, headers, httpVersion }: IncomingMessage): Reason | undefined {
  if (rawHeaders.length > 2 * MOST_HEADERS) return TOO_MUCH_HEAD;
  return headers.host === undefined && httpVersion === '1.1' ? NO_HOST : undefined;
}

/** Reads on for a while: what is closed while more comes is reset, and a reset takes the answer away with it. */
function endWith(socket: Socket, answer: string): void {
  socket.end(answer);
  const timer = setTimeout(() => socket.destroy(), LINGER_MS).unref();
  socket.once('close', () => clearTimeout(timer));
}

type Reason = readonly [status: number, message: string, code: string];

const NO_HTTP: Reason = [400, 'This is no HTTP request.', 'malformed_request'];
const NO_HOST: Reason = [400, 'Host is missing.', 'no_host'];
const TOO_MUCH_HEAD: Reason = [431, 'The headers are too large.', 'headers_too_large'];
/** By the code of Node's error. */
const REFUSALS: Readonly<Record<string, Reason>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to come.', 'request_timeout'],
  HPE_INVALID_EOF_STATE: [400, 'The request ended early.', 'incomplete_body'],
  HPE_HEADER_OVERFLOW: TOO_MUCH_HEAD,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Too much is said of the chunks.', 'body_too_large'],
};

const MOST_HEADERS = 200;
const MIN_CHECK_MS = 10;
const LINGER_MS = 1000;
