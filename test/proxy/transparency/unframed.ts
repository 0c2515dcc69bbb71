import { client, entry, finish, head, unframed, upstream } from './conversation.ts';
import type { Conversation, Step } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const BAD = head('HTTP/1.1 400 Bad Request', 'Content-Length: 0');
const post = (...fields: string[]) => head('POST /a HTTP/1.1', 'Host: stats', ...fields);
const chunkedPost = head('POST /a HTTP/1.1', 'Transfer-Encoding: chunked');

/** A request that cannot be framed; more bytes both ways show that nothing waits for a boundary. */
const request = (name: string, sent: string): Conversation =>
  unframed(name, [client(sent), upstream(BAD), client('more\r\n'), upstream(OK)]);

/** A response that cannot be framed, to a request that can. */
const response = (name: string, ...sent: readonly string[]): Conversation => {
  const steps: Step[] = [
    client(GET),
    ...sent.map((text) => upstream(text)),
    client(GET),
    upstream(OK),
  ];
  return {
    name,
    steps,
    entries: [{ unframed: true, injected: [] }],
  };
};

/** What no proxy should make sense of: it passes, and is told as it is. */
export const UNFRAMED: readonly Conversation[] = [
  request(
    'both lengths in a request',
    `${post('Content-Length: 3', 'Transfer-Encoding: chunked')}0\r\n\r\nG`,
  ),
  request(
    'both lengths, the other way around',
    `${post('Transfer-Encoding: chunked', 'Content-Length: 5')}0\r\n\r\n`,
  ),
  request('two lengths that differ', `${post('Content-Length: 3', 'Content-Length: 4')}abcd`),
  request('two lengths in one field', `${post('Content-Length: 3, 4')}abcd`),
  request('a negative length', post('Content-Length: -1')),
  request('a length in hex', `${post('Content-Length: 0x3')}abc`),
  request('a length with a plus sign', `${post('Content-Length: +3')}abc`),
  request('a length that is no number', post('Content-Length: many')),
  request('an empty length', post('Content-Length: ')),
  request('a length beyond all numbers', post(`Content-Length: ${'9'.repeat(30)}`)),
  request('a transfer coding of identity', `${post('Transfer-Encoding: identity')}abc`),
  request(
    'chunked twice',
    `${post('Transfer-Encoding: chunked', 'Transfer-Encoding: chunked')}0\r\n\r\n`,
  ),
  request('chunked and then gzip', `${post('Transfer-Encoding: chunked, gzip')}0\r\n\r\n`),
  request('a coding that is nearly chunked', `${post('Transfer-Encoding: xchunked')}0\r\n\r\n`),
  request('a coding after a vertical tab', `${post('Transfer-Encoding: \x0bchunked')}0\r\n\r\n`),
  request('white space before a colon', `${post('Transfer-Encoding : chunked')}0\r\n\r\n`),
  request('a field without a colon', post('Nonsense')),
  request('a field without a name', post(': value')),
  request('a NUL in a value', post('X: a\0b')),
  request('a control character in a name', post('X\x01Y: a')),
  request('a bare CR in a value', post('X: a\rY: b')),
  request('a control character in the target', 'GET /a\x01b HTTP/1.1\r\n\r\n'),
  request('two spaces in a request line', 'GET  /a HTTP/1.1\r\n\r\n'),
  request('a field that starts with white space', 'GET /a HTTP/1.1\r\n X: a\r\n\r\n'),
  request('a version that nobody speaks', 'GET /a HTTP/9.9\r\n\r\n'),
  request('a request without a version', 'GET /a\r\n'),
  request('a chunk size that is no number', `${chunkedPost}xyz\r\nabc\r\n0\r\n\r\n`),
  request('a chunk size beyond all numbers', `${chunkedPost}${'f'.repeat(20)}\r\nabc`),
  request('a chunk without its line end', `${chunkedPost}3\r\nabcdef\r\n0\r\n\r\n`),
  request('a chunk size with a minus sign', `${chunkedPost}-3\r\nabc\r\n`),
  request('a chunk size in the manner of C', `${chunkedPost}0x3\r\nabc\r\n0\r\n\r\n`),
  request('a head of more than 1 MiB', `GET /a HTTP/1.1\r\nX: ${'x'.repeat(2 ** 20 + 1)}\r\n\r\n`),
  request('random bytes', '\x00\xff\x13\x37\r\n\r\n\x80\x81'),
  request('the beginning of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\x12\x04\0\0\0\0\0'),
  request('the beginning of TLS', '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03\r\n\r\nstats\0'),
  request('another protocol', 'EHLO mail.example\r\n'),
  unframed('an HTTP/0.9 request', [client('GET /a\r\n'), upstream('<p>old'), finish('upstream')]),
  unframed('an upstream that speaks first', [
    upstream('220 mail ready\r\n'),
    client('EHLO me\r\n'),
    upstream('250 hello\r\n'),
    client('QUIT\r\n'),
    upstream('221 bye\r\n'),
    finish('upstream'),
    finish('client'),
  ]),
  unframed('an upstream that speaks first, and a client that speaks HTTP', [
    upstream('hello\r\n'),
    client(GET),
    upstream(OK),
  ]),
  unframed('a protocol of no lines at all', [
    client('\x00\x01'),
    upstream('\x02'),
    client('\x03\r\n'),
    upstream('\x04\r\n\r\n'),
    finish('client'),
    upstream('\x05'),
    finish('upstream'),
  ]),
  unframed('text without a line end, both ways', [
    client('hello, is anybody there?'),
    upstream('yes'),
    client('fine'),
    upstream('bye'),
  ]),
  response(
    'both lengths in a response',
    `${head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Transfer-Encoding: chunked')}2\r\nok\r\n0\r\n\r\n`,
  ),
  response(
    'two lengths of a response that differ',
    `${head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Content-Length: 3')}ok`,
  ),
  response('a response with a status of two digits', head('HTTP/1.1 20 OK', 'Content-Length: 0')),
  response(
    'a response with a status that is no number',
    head('HTTP/1.1 abc OK', 'Content-Length: 0'),
  ),
  response('a response that is not HTTP', 'SSH-2.0-x\r\n', '\0\0\x01'),
  response(
    'a field of a response without a colon',
    head('HTTP/1.1 200 OK', 'Nonsense', 'Content-Length: 0'),
  ),
  response('a NUL in a response', head('HTTP/1.1 200 OK', 'X: \0', 'Content-Length: 0')),
  response(
    'a chunk of a response that is no chunk',
    head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked'),
    'oops\r\n',
    'more',
  ),
  response(
    'a chunk of a response without its line end',
    `${head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked')}2\r\nokay\r\n0\r\n\r\n`,
  ),
  response(
    'a head of a response of more than 1 MiB',
    `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(2 ** 20 + 1)}\r\n\r\n`,
  ),
  {
    name: 'an answer to a request that was never made',
    steps: [client(GET), upstream(OK + OK), client(GET), upstream(OK)],
    entries: [
      entry(GET, OK),
      { unframed: true, bytesIn: GET.length, bytesOut: 2 * OK.length, injected: [] },
    ],
  },
];
