import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorBody } from './control-error.ts';

/** Answers, in the form of all other errors, what Node's parser takes for no request, or what does not come in time. */
export function answerUnparsed(server: Server): void {
  const answering = new WeakMap<Duplex, ServerResponse>();
  const answered = new WeakSet<Duplex>();

  server.on('request', ({ socket }, response) => void answering.set(socket, response));
  server.on('checkExpectation', (request, response: ServerResponse) => {
    const error = `no such expectation is met: ${request.headers.expect}`;
    const body = Buffer.from(JSON.stringify({ error, status: 417 }));
    const headers = { 'content-type': JSON_TYPE, 'content-length': body.length };
    response.writeHead(417, { ...headers, connection: 'close' }).end(body);
  });
  server.on('connect', (_request, socket) => refuse(socket, { error: NO_TUNNEL, status: 405 }));
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    // What comes behind it is not parsed either, and told of once more.
    if (answered.has(socket)) return;
    const response = answering.get(socket);
    const midway = response?.headersSent === true && !response.writableFinished;
    if (!socket.writable || midway || error.code === 'ECONNRESET') return void socket.destroy();
    refuse(socket, bodyOf(error));
  });

  function refuse(socket: Duplex, body: ErrorBody): void {
    answered.add(socket);
    const text = JSON.stringify(body);
    const head = [
      `HTTP/1.1 ${body.status} ${REASONS[body.status]}`,
      `content-type: ${JSON_TYPE}`,
      `content-length: ${Buffer.byteLength(text)}`,
      'connection: close',
    ];
    // What is unread when a socket is destroyed turns its FIN into an RST, and the answer may be lost.
    socket.on('error', () => {}).resume();
    socket.end(`${head.join('\r\n')}\r\n\r\n${text}`);
    const grace = setTimeout(() => socket.destroy(), GRACE_MS);
    socket.once('close', () => clearTimeout(grace));
  }
}

function bodyOf({ code, message }: NodeJS.ErrnoException): ErrorBody {
  if (code === 'HPE_HEADER_OVERFLOW')
    return { error: 'the head of the request is larger than 16 KB: send less', status: 431 };
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return { error: 'the request did not come in time: send it at once', status: 408 };
  const reason = message.replace(/^Parse Error: /, '');
  return { error: `this is not HTTP/1.1: ${reason}`, status: 400 };
}

const REASONS: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};
const JSON_TYPE = 'application/json; charset=utf-8';
const NO_TUNNEL = 'a control API is no way to anywhere else: it has no CONNECT';
const GRACE_MS = 1000;
