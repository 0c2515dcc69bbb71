import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import type HttpProxy from 'http-proxy';

const require = createRequire(import.meta.url);
// http-proxy 1.18 takes util._extend while it loads, of which Node 24 warns; it is Object.assign. Whoever uses brownout as a
// library gets util back as it was.
const util = require('node:util') as { _extend: unknown };
const { _extend: own } = util;
util._extend = Object.assign;
const httpProxy = require('http-proxy') as typeof HttpProxy;
util._extend = own;

/** Sends requests on to one service, and what it answers back. Neither ever throws. */
export interface Forwarder {
  web(request: IncomingMessage, response: ServerResponse): void;
  /** The socket needs a listener for errors. */
  ws(request: IncomingMessage, socket: Socket, head: Buffer): void;
}

/** Forwards by http-proxy, without its defects: see where each is mended. */
export function createForwarder(target: URL): Forwarder {
  const { protocol, host, port, pathname } = target;
  const hostname = target.hostname.replace(/^\[(.*)\]$/, '$1');
  const engine = httpProxy.createProxyServer({
    // Not as text: http-proxy parses that by what Node deprecates.
    target: { protocol, host, hostname, port },
    changeOrigin: protocol === 'https:',
    selfHandleResponse: true,
    toProxy: true,
  });
  // It takes the framing of a chunked DELETE or OPTIONS away, so that the body would be read as the next request.
  const passes = engine as unknown as { webPasses: { readonly name: string }[] };
  passes.webPasses = passes.webPasses.filter(({ name }) => name !== 'deleteLength');
  const prefix = pathname.replace(/\/$/, '');
  const failed = failureOf(target.origin);
  const answered = new WeakSet<Socket>();

  engine.on('proxyReq', (sent, _request, response) => {
    // A client that leaves ends the service's connection with its own; http-proxy alone would leak it.
    if (response.destroyed) sent.destroy();
    else response.once('close', () => sent.destroy());
    // Without a listener Node drops the connection, and nobody is told.
    sent.once('upgrade', (_answer, upstream) => {
      upstream.destroy();
      refuse(response, failed(new Error('it switches protocols unasked')));
    });
    // A body that comes later is no reason to keep the head back.
    sent.flushHeaders();
  });
  engine.on('proxyRes', (answer, request, response) => {
    try {
      sendBack(answer, request, response);
    } catch (error) {
      // There are statuses that Node reads but does not write.
      answer.destroy();
      refuse(response, failed(error as Error));
    }
  });
  engine.on('proxyReqWs', (sent, _request, socket) => {
    followWebSocket(sent, socket);
    sent.once('upgrade', () => answered.add(socket));
    sent.once('response', () => answered.add(socket));
  });

  return {
    web(request, response) {
      const { headers } = request;
      // The client was told to continue by Node's server.
      for (const name of [...OF_THE_CONNECTION, 'expect']) delete headers[name];
      const options = { ssl: pathOf(prefix, request) };
      const fail = (error: Error) => refuse(response, failed(error));
      attempt(() => engine.web(request, response, options, fail), fail);
    },
    ws(request, socket, head) {
      const options = { ssl: pathOf(prefix, request) };
      const fail = (error: Error) => {
        // After the answer there is nothing to say any more: the socket ends with the service's.
        if (!answered.has(socket)) socket.write(rawRefusal(failed(error)));
      };
      attempt(
        () => engine.ws(request, socket, head, options, fail),
        (error) => {
          fail(error);
          socket.end();
        },
      );
    },
  };
}

/** http-proxy joins slashes in the path that it sets and cuts it at #: here the path goes on as it came. */
function pathOf(prefix: string, request: IncomingMessage): object {
  const path = { enumerable: true, get: () => `${prefix}${request.url}`, set() {} };
  return Object.defineProperty({}, 'path', path);
}

function attempt(work: () => void, fail: (error: Error) => void): void {
  try {
    work();
  } catch (error) {
    fail(error as Error);
  }
}

/** Sends the service's answer, its head at once and its body as it comes. */
function sendBack(answer: IncomingMessage, request: IncomingMessage, response: ServerResponse) {
  response.sendDate = false;
  response.writeHead(answer.statusCode ?? 0, answer.statusMessage ?? '', endToEnd(answer));
  response.flushHeaders();
  answer.pipe(response, { end: false });
  answer.once('end', () => {
    response.addTrailers(pairsOf(answer.rawTrailers));
    response.end();
  });
  answer.once('close', () => {
    if (answer.complete) return;
    // The framing says that something is missing; a client of HTTP/1.0, which has none, would take a FIN for the end.
    if (request.httpVersion === '1.0') response.socket?.resetAndDestroy();
    else response.destroy();
  });
  // What is still sent to a service that has answered already is read and dropped, or the client would wait forever.
  response.once('finish', () => request.unpipe().resume());
}

/** Ties the two connections of a WebSocket, so that neither outlives the other. */
function followWebSocket(sent: ClientRequest, socket: Socket): void {
  socket.once('close', () => sent.destroy());
  sent.once('upgrade', (_answer, upstream: Socket) => {
    socket.once('close', () => upstream.destroy());
    // Ahead of http-proxy, which would say FIN.
    upstream.once('error', () => socket.resetAndDestroy());
    upstream.once('close', () => socket.destroySoon());
  });
  // http-proxy has listeners of its own by then. Its one for refusals sends a body without the chunking that its head promises.
  queueMicrotask(() => {
    sent.removeAllListeners('response').once('response', (answer) => sendRefusal(answer, socket));
  });
}

function sendRefusal(answer: IncomingMessage, socket: Socket): void {
  const lines = pairsOf(endToEnd(answer)).map(([name, value]) => `${name}: ${value}`);
  const start = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}`;
  socket.write([start, ...lines, 'connection: close', '', ''].join('\r\n'), 'latin1');
  answer.pipe(socket);
  answer.once('close', () => {
    if (!answer.complete) socket.destroy();
  });
}

/** Names and values in turn as they came, without those that are about the service's connection. */
function endToEnd({ rawHeaders, headers }: IncomingMessage): string[] {
  const named = headers.connection?.toLowerCase().split(/\s*,\s*/) ?? [];
  const dropped = new Set([...OF_THE_CONNECTION, 'transfer-encoding', ...named]);
  return pairsOf(rawHeaders)
    .filter(([name]) => !dropped.has(name.toLowerCase()))
    .flat();
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return raw.flatMap((name, i) => (i % 2 === 0 ? [[name, raw[i + 1] ?? '']] : []));
}

/** What a client is told when the service gave no answer. */
function failureOf(service: string) {
  return ({ code, message }: NodeJS.ErrnoException) =>
    `brownout's front door got no answer from ${service}: ${code ?? message}\n`;
}

/** Answers in the service's place, where nothing was answered yet. */
export function refuse(response: ServerResponse, text: string): void {
  // The head has gone out: what becomes of the body is told by its framing.
  if (response.headersSent || response.destroyed) return;
  response.writeHead(502, { ...REFUSAL, 'content-length': Buffer.byteLength(text) });
  response.end(text);
  response.req.unpipe().resume();
}

function rawRefusal(text: string): string {
  const fields = { ...REFUSAL, 'content-length': Buffer.byteLength(text), connection: 'close' };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}`);
  return ['HTTP/1.1 502 Bad Gateway', ...lines, '', text].join('\r\n');
}

const REFUSAL = {
  'x-brownout': 'front-door',
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
};
const OF_THE_CONNECTION = ['connection', 'keep-alive', 'upgrade', 'http2-settings'];
