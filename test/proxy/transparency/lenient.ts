import { client, entry, exchange, head, unframed, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const post = (...fields: string[]) => head('POST /a HTTP/1.1', ...fields);
const chunked = head('POST /a HTTP/1.1', 'Transfer-Encoding: chunked');

/** Another exchange behind proves that the first one was framed. */
const then = (name: string, request: string, response = OK): Conversation => ({
  name,
  steps: [client(request), upstream(response), client(GET), upstream(OK)],
  entries: [entry(request, response), entry(GET, OK)],
});
const raw = (name: string, request: string, response = OK): Conversation =>
  unframed(name, [client(request), upstream(response), client(GET), upstream(OK)]);

/** What some understand and others do not. Where all who do agree on where it ends, it is framed; else it is not. */
export const LENIENT: readonly Conversation[] = [
  then('the same length twice', `${post('Content-Length: 3', 'Content-Length: 3')}abc`),
  then('gzip and then chunked', `${post('Transfer-Encoding: gzip, chunked')}3\r\nabc\r\n0\r\n\r\n`),
  then(
    'the same length twice in a response',
    GET,
    `${head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 2')}ok`,
  ),
  {
    name: 'one LF before a request',
    steps: [client(`\n${GET}`), upstream(OK), client(GET), upstream(OK)],
    entries: [entry(GET, OK), entry(GET, OK)],
  },
  exchange('a last chunk that a space follows', `${chunked}3 \r\nabc\r\n0 \r\n\r\n`, OK),
  raw('the same length twice in one field', `${post('Content-Length: 3, 3')}abc`),
  raw(
    'codings in two fields',
    `${post('Transfer-Encoding: gzip', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
  ),
  raw('folded fields', 'GET /a HTTP/1.1\r\nX: a\r\n b\r\n\tc\r\nHost: stats\r\n\r\n'),
  raw('bare LF in place of CRLF', 'GET /a HTTP/1.1\nHost: stats\n\n'),
  raw('LF and CRLF mixed', 'GET /a HTTP/1.1\r\nHost: stats\nX: y\r\n\n'),
  raw('a space after the version', 'GET /a HTTP/1.1 \r\nHost: stats\r\n\r\n'),
  raw('a version in lower case', 'GET /a http/1.1\r\nHost: stats\r\n\r\n'),
  raw('chunks that end in LF', `${chunked}3\nabc\n0\n\n`),
  raw(
    'chunks in HTTP/1.0',
    `${head('POST /a HTTP/1.0', 'Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`,
  ),
  raw('a response of bare LF', GET, 'HTTP/1.1 200 OK\nContent-Length: 2\n\nok'),
  raw(
    'a folded field of a response',
    GET,
    `${head('HTTP/1.1 200 OK', 'X: a\r\n b', 'Content-Length: 2')}ok`,
  ),
  raw(
    'white space before a colon of a response',
    GET,
    `${head('HTTP/1.1 200 OK', 'Content-Length : 2')}ok`,
  ),
  raw('a response of another version', GET, `${head('HTTP/1.2 200 OK', 'Content-Length: 2')}ok`),
];
