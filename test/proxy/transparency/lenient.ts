import { client, head, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;

/** What some would frame and others would not: it passes as it is, whatever the journal makes of it. */
const request = (name: string, sent: string): Conversation => ({
  name,
  steps: [client(sent), upstream(OK), client(GET), upstream(OK)],
  entries: [{}],
});
const response = (name: string, sent: string): Conversation => ({
  name,
  steps: [client(GET), upstream(sent), client(GET), upstream(OK)],
  entries: [{}],
});

export const LENIENT: readonly Conversation[] = [
  request(
    'the same length twice',
    `${head('POST /a HTTP/1.1', 'Content-Length: 3', 'Content-Length: 3')}abc`,
  ),
  request(
    'the same length twice in one field',
    `${head('POST /a HTTP/1.1', 'Content-Length: 3, 3')}abc`,
  ),
  request(
    'gzip and then chunked',
    `${head('POST /a HTTP/1.1', 'Transfer-Encoding: gzip, chunked')}3\r\nabc\r\n0\r\n\r\n`,
  ),
  request(
    'codings in two fields',
    `${head('POST /a HTTP/1.1', 'Transfer-Encoding: gzip', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
  ),
  request('folded fields', 'GET /a HTTP/1.1\r\nX: a\r\n b\r\n\tc\r\nHost: stats\r\n\r\n'),
  request('bare LF in place of CRLF', 'GET /a HTTP/1.1\nHost: stats\n\n'),
  request('LF and CRLF mixed', 'GET /a HTTP/1.1\r\nHost: stats\nX: y\r\n\n'),
  request('one LF before a request', `\n${GET}`),
  request('a space after the version', 'GET /a HTTP/1.1 \r\nHost: stats\r\n\r\n'),
  request('a version in lower case', 'GET /a http/1.1\r\nHost: stats\r\n\r\n'),
  request(
    'chunks that end in LF',
    `${head('POST /a HTTP/1.1', 'Transfer-Encoding: chunked')}3\nabc\n0\n\n`,
  ),
  request(
    'chunked in HTTP/1.0',
    `${head('POST /a HTTP/1.0', 'Connection: keep-alive', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
  ),
  response(
    'the same length twice in a response',
    `${head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 2')}ok`,
  ),
  response('a response of bare LF', 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'),
  response(
    'a folded field of a response',
    `${head('HTTP/1.1 200 OK', 'X: a\r\n b', 'Content-Length: 2')}ok`,
  ),
  response(
    'white space before a colon of a response',
    `${head('HTTP/1.1 200 OK', 'Content-Length : 2')}ok`,
  ),
  response(
    'an answer without an HTTP version that is known',
    `${head('HTTP/1.2 200 OK', 'Content-Length: 2')}ok`,
  ),
];
