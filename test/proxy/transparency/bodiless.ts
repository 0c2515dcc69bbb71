import { client, entry, exchange, finish, head, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const HEAD = head('HEAD /a HTTP/1.1', 'Host: stats');
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const EXPECT = head('POST /a HTTP/1.1', 'Host: stats', 'Expect: 100-continue', 'Content-Length: 4');
const CONTINUE = head('HTTP/1.1 100 Continue');
const HINTS = head('HTTP/1.1 103 Early Hints', 'Link: </a.css>; rel=preload');

/** A bodiless answer is proven to have ended by the exchange that follows on the same connection. */
const then = (name: string, request: string, response: string): Conversation => ({
  name,
  steps: [client(request), upstream(response), client(GET), upstream(OK)],
  entries: [entry(request, response), entry(GET, OK)],
});

/** Responses without a body, and those that come before the response. */
export const BODILESS: readonly Conversation[] = [
  then('HEAD with a length', HEAD, head('HTTP/1.1 200 OK', 'Content-Length: 70000')),
  then('HEAD in chunks', HEAD, head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')),
  then('HEAD with neither', HEAD, head('HTTP/1.1 200 OK')),
  then('204 without a length', GET, head('HTTP/1.1 204 No Content')),
  then('204 with a length', GET, head('HTTP/1.1 204 No Content', 'Content-Length: 0')),
  then('304 without a length', GET, head('HTTP/1.1 304 Not Modified', 'ETag: "a"')),
  then(
    '304 with the length of what it spares',
    GET,
    head('HTTP/1.1 304 Not Modified', 'Content-Length: 70000'),
  ),
  then(
    '304 with chunks that do not come',
    GET,
    head('HTTP/1.1 304 Not Modified', 'Transfer-Encoding: chunked'),
  ),
  then('a 205 of length 0', GET, head('HTTP/1.1 205 Reset Content', 'Content-Length: 0')),
  then('102 before the answer', GET, head('HTTP/1.1 102 Processing') + OK),
  then('103 three times before the answer', GET, HINTS + HINTS + HINTS + OK),
  then('103 before a 204', GET, `${HINTS}${head('HTTP/1.1 204 No Content')}`),
  then(
    '103 before the answer to a HEAD',
    HEAD,
    HINTS + head('HTTP/1.1 200 OK', 'Content-Length: 9'),
  ),
  then('an interim answer of a number that nobody knows', GET, head('HTTP/1.1 199 Odd') + OK),
  then('100 that nobody waited for', GET, CONTINUE + OK),
  {
    name: '103 long before the answer',
    steps: [client(GET), upstream(HINTS), upstream(HINTS), upstream(OK)],
    entries: [entry(GET, HINTS + HINTS + OK)],
  },
  {
    name: 'a body that waits for 100 Continue',
    steps: [client(EXPECT), upstream(CONTINUE), client('body'), upstream(OK)],
    entries: [entry(`${EXPECT}body`, CONTINUE + OK)],
  },
  {
    name: 'a body that waits for 100 Continue and is then sent in chunks',
    steps: [
      client(head('PUT /a HTTP/1.1', 'Expect: 100-Continue', 'Transfer-Encoding: chunked')),
      upstream(CONTINUE),
      client('4\r\nbody\r\n'),
      client('0\r\n\r\n'),
      upstream(OK),
    ],
    entries: [{ method: 'PUT', path: '/a', status: 200, unframed: false, end: 'answered' }],
  },
  {
    name: 'a body that does not wait for 100 Continue',
    steps: [client(`${EXPECT}body`), upstream(OK)],
    entries: [entry(`${EXPECT}body`, OK)],
  },
  {
    name: 'a refusal in place of 100 Continue, and the body never comes',
    steps: [
      client(EXPECT),
      upstream(head('HTTP/1.1 417 No', 'Content-Length: 0', 'Connection: close')),
      finish('upstream'),
      finish('client'),
    ],
    entries: [{ method: 'POST', path: '/a', status: 417, unframed: false }],
  },
  {
    name: 'a refusal in place of 100 Continue, and the body comes all the same',
    steps: [
      client(EXPECT),
      upstream(head('HTTP/1.1 401 No', 'Content-Length: 0')),
      client('body'),
      client(GET),
      upstream(OK),
    ],
    entries: [entry(`${EXPECT}body`, head('HTTP/1.1 401 No', 'Content-Length: 0')), entry(GET, OK)],
  },
  exchange(
    'an answer of a content type that streams',
    GET,
    `${head('HTTP/1.1 200 OK', 'Content-Type: text/event-stream', 'Transfer-Encoding: chunked')}7\r\ndata: a\r\n0\r\n\r\n`,
  ),
];
