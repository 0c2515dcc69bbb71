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
  // Node drops those above: one more tells that there are too many.
  server.maxHeadersCount = MOST_HEADERS + 1;
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
  server.on('connect', (_request, socket: Socket) => {
    socket.on('error', () => {});
    endWith(socket, written(refusalOf(...NO_PROXY, renderer)));
  });
  const refused = new WeakSet<Socket>();
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    const refuse = () => {
      // The first refusal has ended it: what still comes on the connection is as wrong as what came before.
      if (!socket.writable) return;
      const refusal = REFUSALS[error.code ?? ''] ?? NO_HTTP;
      endWith(socket, written(refusalOf(...refusal, renderer)));
    };
    if (error.code === 'ECONNRESET') return socket.destroy();
    if (refused.has(socket)) return socket;
    refused.add(socket);
    const response = latest.get(socket);
    if (!response || response.writableFinished) return refuse();
    // What is wrong comes after a request that was right: that one is answered first.
    if (response.req.complete) return response.once('finish', refuse);
    return response.headersSent ? socket.destroy() : refuse();
  });
  return server;
}

function wrongWith({ rawHeaders, headers, httpVersion, url = '' }: IncomingMessage) {
  if (rawHeaders.length > 2 * MOST_HEADERS) return TOO_MUCH_HEAD;
  const { host } = headers;
  if (host === undefined) {
    if (httpVersion === '1.1') return NO_HOST;
  } else if (!HOST.test(host) || isTwice(rawHeaders, 'host')) return BAD_HOST;
  return url.startsWith('/') || url === '*' || WHOLE_ADDRESS.test(url) ? undefined : BAD_TARGET;
}

function isTwice(rawHeaders: readonly string[], wanted: string): boolean {
  let count = 0;
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = rawHeaders[i] ?? '';
    if (name.length === wanted.length && name.toLowerCase() === wanted) count += 1;
  }
  return count > 1;
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
const BAD_HOST: Reason = [400, 'Host is not one name.', 'bad_host'];
const BAD_TARGET: Reason = [400, 'What is asked for is no address.', 'bad_target'];
const NO_PROXY: Reason = [400, 'This is no proxy.', 'no_proxy'];
const TOO_MUCH_HEAD: Reason = [431, 'The headers are too large.', 'headers_too_large'];
/** By the code of Node's error. */
const REFUSALS: Readonly<Record<string, Reason>> = {
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request took too long to come.', 'request_timeout'],
  HPE_INVALID_EOF_STATE: [400, 'The request ended early.', 'incomplete_body'],
  HPE_HEADER_OVERFLOW: TOO_MUCH_HEAD,
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'Too much is said of the chunks.', 'body_too_large'],
};

/** Only what may stand in an address: links to other pages of a list begin with it. */
const HOST = /^[\w.~!$&'()*+,;=:%[\]-]*$/;
/** As it is sent to proxies. What Node cannot take apart it throws, wherever the path is looked at. */
const WHOLE_ADDRESS = /^https?:\/\/([\w.-]+|\[[\da-f:.]+\])(:\d{1,5})?([/?]|$)/i;
const MOST_HEADERS = 200;
const MIN_CHECK_MS = 10;
const LINGER_MS = 1000;
