import { client, entry, finish, head, partly, reset, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const POST = head('POST /a HTTP/1.1', 'Host: stats', 'Content-Length: 10');
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const LONG = head('HTTP/1.1 200 OK', 'Content-Length: 10');
const CHUNKED = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked');
const CLOSE = `${head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Connection: close')}ok`;
const TIMEOUT = head('HTTP/1.1 408 Request Timeout', 'Connection: close', 'Content-Length: 0');
const got = { method: 'GET', path: '/a', unframed: false } as const;
const posted = { ...got, method: 'POST' } as const;

/** Who ends the connection, when and how. */
export const CONNECTIONS: readonly Conversation[] = [
  {
    name: 'a connection on which nothing happens',
    steps: [finish('client'), finish('upstream')],
    entries: [],
  },
  {
    name: 'a connection that the upstream ends before a request',
    steps: [finish('upstream')],
    entries: [],
  },
  {
    name: 'a connection that the client resets before a request',
    steps: [reset('client')],
    entries: [],
  },
  {
    name: 'a client that ends its side after the request, and is answered',
    steps: [client(GET), finish('client'), upstream(OK), finish('upstream')],
    entries: [entry(GET, OK)],
  },
  {
    name: 'a client that ends its side after an upload in chunks, and is answered at length',
    steps: [
      client(`${head('POST /a HTTP/1.1', 'Transfer-Encoding: chunked')}1\r\nx\r\n0\r\n\r\n`),
      finish('client'),
      upstream(CHUNKED),
      upstream('2\r\nok\r\n'),
      upstream('0\r\n\r\n'),
      finish('upstream'),
    ],
    entries: [{ ...posted, status: 200, end: 'answered' }],
  },
  {
    name: 'a client that asks to close',
    steps: [
      client(head('GET /a HTTP/1.1', 'Connection: close')),
      upstream(CLOSE),
      finish('upstream'),
      finish('client'),
    ],
    entries: [{ ...got, status: 200, end: 'answered' }],
  },
  {
    name: 'an upstream that ends its side, and goes on to read an upload',
    steps: [
      client(POST),
      upstream(CLOSE),
      finish('upstream'),
      client('01234'),
      client('56789'),
      finish('client'),
    ],
    entries: [{ ...posted, status: 200, bytesOut: CLOSE.length }],
  },
  {
    name: 'an upstream that closes its idle connection',
    steps: [client(GET), upstream(OK), finish('upstream'), finish('client')],
    entries: [entry(GET, OK)],
  },
  {
    name: 'an upstream that says 408 on its idle connection and closes',
    steps: [client(GET), upstream(OK), upstream(TIMEOUT), finish('upstream')],
    entries: [entry(GET, OK), { unframed: true, bytesOut: TIMEOUT.length }],
  },
  {
    name: 'an upstream that says 408 before any request and closes',
    steps: [upstream(TIMEOUT), finish('upstream')],
    entries: [{ unframed: true, bytesIn: 0, bytesOut: TIMEOUT.length }],
  },
  {
    name: 'an answer before the whole of the request',
    steps: [client(`${POST}012`), upstream(OK), client('3456789'), client(GET), upstream(OK)],
    entries: [entry(`${POST}0123456789`, OK), entry(GET, OK)],
  },
  {
    name: 'an answer before the whole of a request in chunks, and a FIN',
    steps: [
      client(`${head('POST /a HTTP/1.1', 'Transfer-Encoding: chunked')}1\r\nx\r\n`),
      upstream(CLOSE),
      finish('upstream'),
      client('0\r\n\r\n'),
      finish('client'),
    ],
    entries: [{ ...posted, status: 200 }],
  },
  {
    name: 'an answer shorter than its length, and a FIN',
    steps: [client(GET), upstream(`${LONG}01234`), finish('upstream')],
    entries: [{ ...got, status: 200, bytesOut: LONG.length + 5, end: 'upstream-failed' }],
  },
  {
    name: 'an answer in chunks without its last, and a FIN',
    steps: [client(GET), upstream(`${CHUNKED}2\r\nok\r\n`), finish('upstream')],
    entries: [{ ...got, status: 200, end: 'upstream-failed' }],
  },
  {
    name: 'a FIN in the head of an answer',
    steps: [client(GET), partly('upstream', 'HTTP/1.1 200 OK\r\nConten'), finish('upstream')],
    entries: [{ method: 'GET', path: '/a', end: 'upstream-failed' }],
  },
  {
    name: 'a FIN in place of an answer',
    steps: [client(GET), finish('upstream'), finish('client')],
    entries: [{ ...got, status: null, bytesOut: 0, end: 'upstream-failed' }],
  },
  {
    name: 'an RST in place of an answer',
    steps: [client(GET), reset('upstream')],
    entries: [{ ...got, status: null, bytesIn: GET.length, bytesOut: 0, end: 'upstream-failed' }],
  },
  {
    name: 'an RST in the head of an answer',
    steps: [client(GET), partly('upstream', 'HTTP/1.1 200 OK\r\nConten'), reset('upstream')],
    entries: [{ method: 'GET', path: '/a', end: 'upstream-failed' }],
  },
  {
    name: 'an RST in the body of an answer',
    steps: [client(GET), upstream(`${LONG}01234`), reset('upstream')],
    entries: [{ ...got, status: 200, bytesOut: LONG.length + 5, end: 'upstream-failed' }],
  },
  {
    name: 'an RST in a chunk of an answer',
    steps: [client(GET), upstream(`${CHUNKED}5\r\nab`), reset('upstream')],
    entries: [{ ...got, status: 200, end: 'upstream-failed' }],
  },
  {
    name: 'an RST in the middle of an upload',
    steps: [client(`${POST}012`), reset('upstream')],
    entries: [{ ...posted, status: null, end: 'upstream-failed' }],
  },
  {
    name: 'an RST of the upstream while idle',
    steps: [client(GET), upstream(OK), reset('upstream')],
    entries: [entry(GET, OK)],
  },
  {
    name: 'an RST of the client before the answer',
    steps: [client(GET), reset('client')],
    entries: [{ ...got, status: null, end: 'client-gone' }],
  },
  {
    name: 'an RST of the client in the answer',
    steps: [client(GET), upstream(`${LONG}01234`), reset('client')],
    entries: [{ ...got, status: 200, end: 'client-gone' }],
  },
  {
    name: 'an RST of the client in its upload',
    steps: [client(`${POST}012`), reset('client')],
    entries: [{ ...posted, status: null, end: 'client-gone' }],
  },
  {
    name: 'an RST of the client while idle',
    steps: [client(GET), upstream(OK), reset('client')],
    entries: [entry(GET, OK)],
  },
  {
    name: 'a FIN of the client in its upload, and an answer to that',
    steps: [
      client(`${POST}012`),
      finish('client'),
      upstream(head('HTTP/1.1 400 Short', 'Content-Length: 0')),
      finish('upstream'),
    ],
    entries: [{ ...posted, status: 400 }],
  },
  {
    name: 'a FIN of the client in its head',
    steps: [partly('client', 'GET /a HTTP/1.1\r\nHos'), finish('client'), finish('upstream')],
    entries: [{ bytesIn: 20, bytesOut: 0 }],
  },
];
