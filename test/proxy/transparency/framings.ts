import { client, entry, exchange, finish, head, partly, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const POST = (...fields: string[]) => head('POST /a HTTP/1.1', 'Host: stats', ...fields);
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const chunkedHead = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked');
const closeHead = head('HTTP/1.1 200 OK', 'Content-Type: text/plain');

/** Every way to say where a body ends. */
export const FRAMINGS: readonly Conversation[] = [
  exchange('a body framed by its length', GET, OK),
  exchange('an empty body of length 0', GET, head('HTTP/1.1 200 OK', 'Content-Length: 0')),
  exchange(
    'a length with leading zeros',
    GET,
    `${head('HTTP/1.1 200 OK', 'Content-Length: 0002')}ok`,
  ),
  exchange('chunks', GET, `${chunkedHead}2\r\nok\r\n5\r\nhello\r\n0\r\n\r\n`),
  exchange('no chunk but the last', GET, `${chunkedHead}0\r\n\r\n`),
  exchange(
    'chunk extensions, quoted ones too',
    GET,
    `${chunkedHead}2;a=b;c="d;\\"e"\r\nok\r\n3 ; x\r\nabc\r\n0;last=1\r\n\r\n`,
  ),
  exchange(
    'chunk sizes in upper case',
    GET,
    `${chunkedHead}A\r\n0123456789\r\n1F\r\n${'x'.repeat(31)}\r\n0\r\n\r\n`,
  ),
  exchange(
    'chunk sizes with leading zeros',
    GET,
    `${chunkedHead}0000000a\r\n0123456789\r\n000\r\n\r\n`,
  ),
  exchange(
    'trailers after the last chunk',
    GET,
    `${chunkedHead}2\r\nok\r\n0\r\nX-Sum: 1\r\nx-sum:2\r\n\r\n`,
  ),
  exchange(
    'a body that looks like chunks and a response',
    GET,
    `${chunkedHead}1B\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n\r\n0\r\n\r\n0\r\n\r\n`,
  ),
  exchange(
    'a body of bytes that are no text',
    GET,
    `${head('HTTP/1.1 200 OK', 'Content-Length: 8')}\0\x01\xff\xfe\r\n\r\n`,
  ),
  {
    name: 'a body that only the end of the connection delimits',
    steps: [
      client(GET),
      upstream(closeHead),
      upstream('all '),
      upstream('of it'),
      finish('upstream'),
    ],
    entries: [entry(GET, `${closeHead}all of it`)],
  },
  {
    name: 'a body that the end delimits, and there is none',
    steps: [client(GET), upstream(closeHead), finish('upstream')],
    entries: [entry(GET, closeHead)],
  },
  exchange('an upload framed by its length', `${POST('Content-Length: 3')}abc`, OK),
  exchange('an upload in chunks', `${POST('Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`, OK),
  exchange(
    'an upload in chunks with extensions and trailers',
    `${POST('transfer-encoding: Chunked')}03;x=y\r\nabc\r\n0\r\nX-T: 1\r\n\r\n`,
    OK,
  ),
  exchange('an upload without a body and without a length', POST(), OK),
  exchange('an upload of length 0', POST('Content-Length: 0'), OK),
  exchange(
    'a GET with a body',
    `${head('GET /a HTTP/1.1', 'Host: stats', 'Content-Length: 4')}body`,
    OK,
  ),
  exchange(
    'a DELETE with a body in chunks',
    `${head('DELETE /a HTTP/1.1', 'Host: stats', 'Transfer-Encoding: chunked')}1\r\nx\r\n0\r\n\r\n`,
    OK,
  ),
  {
    name: 'an upload and its answer, a few bytes at a time',
    steps: [
      partly('client', 'POST /a HTTP/1.1\r'),
      partly('client', '\nHost: stats\r\nTransfer-Encoding: chu', 55),
      client('nked\r\n\r\n'),
      client('3'),
      client('\r'),
      client('\nab'),
      client('c\r'),
      client('\n0\r\n\r'),
      client('\n'),
      partly('upstream', 'H'),
      partly('upstream', 'TTP/1.1 200 OK\r\nContent-Length: 2\r\n\r', 39),
      upstream('\n'),
      upstream('o'),
      upstream('k'),
    ],
    entries: [entry(`${POST('Transfer-Encoding: chunked')}3\r\nabc\r\n0\r\n\r\n`, OK)],
  },
  {
    name: 'a second exchange after chunks with trailers',
    steps: [
      client(GET),
      upstream(`${chunkedHead}1\r\nx\r\n0\r\nA: b\r\n\r\n`),
      client(GET),
      upstream(OK),
    ],
    entries: [entry(GET, `${chunkedHead}1\r\nx\r\n0\r\nA: b\r\n\r\n`), entry(GET, OK)],
  },
  exchange(
    'a body of 300,000 bytes both ways',
    `${POST('Content-Length: 300000')}${'u'.repeat(300_000)}`,
    `${head('HTTP/1.1 200 OK', 'Content-Length: 300000')}${'d'.repeat(300_000)}`,
  ),
  exchange(
    'a thousand chunks of one byte',
    `${POST('Transfer-Encoding: chunked')}${'1\r\nx\r\n'.repeat(1000)}0\r\n\r\n`,
    `${chunkedHead}${'1\r\ny\r\n'.repeat(1000)}0\r\n\r\n`,
  ),
];
