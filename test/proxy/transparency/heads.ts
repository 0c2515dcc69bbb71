import { client, entry, exchange, finish, head, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const get = (...fields: string[]) => head('GET /a HTTP/1.1', 'Host: stats', ...fields);
const ok = (...fields: string[]) => `${head('HTTP/1.1 200 OK', 'Content-Length: 2', ...fields)}ok`;
const answered = (name: string, requestLine: string) =>
  exchange(name, head(requestLine, 'Host: stats'), OK);

/** What may stand in a start line or a field, and must stay as it is. */
export const HEADS: readonly Conversation[] = [
  exchange(
    'white space before and after values',
    get('A:   b  ', 'C:d', 'E:\tf\t '),
    ok('X:   y\t '),
  ),
  exchange('tabs within values', get('A: b\tc'), ok('X:\ty\tz')),
  exchange('empty values', get('A:', 'B: ', 'C:\t'), ok('X:', 'Y: ')),
  exchange(
    'the case of names',
    get('x-LOW: 1', 'X-UP: 2', 'x-MiXeD: 3'),
    ok('ETag: a', 'WWW-Authenticate: b'),
  ),
  exchange('the order of fields', get('Z: 1', 'A: 2', 'M: 3'), ok('Z: 1', 'A: 2')),
  exchange(
    'repeated fields',
    get('A: 1', 'B: 2', 'A: 3', 'a: 3'),
    ok('Set-Cookie: a=1', 'Set-Cookie: b=2', 'set-cookie: a=1'),
  ),
  exchange(
    'a length in odd case and spacing',
    `${head('POST /a HTTP/1.1', 'cOnTeNt-LeNgTh:   3\t ')}abc`,
    `${head('HTTP/1.1 200 OK', 'CONTENT-LENGTH:2')}ok`,
  ),
  exchange(
    'fields that belong to one connection',
    get(
      'Connection: keep-alive, X-Hop',
      'Keep-Alive: timeout=5',
      'X-Hop: 1',
      'TE: trailers',
      'Proxy-Connection: keep-alive',
    ),
    ok('Connection: keep-alive', 'Keep-Alive: timeout=5'),
  ),
  exchange(
    'names that an object knows',
    get('__proto__: 1', 'constructor: 2', 'toString: 3'),
    ok('__proto__: 1', 'hasOwnProperty: 2'),
  ),
  exchange(
    'names of every legal character',
    get("!#$%&'*+-.^_`|~09: 1"),
    ok("!#$%&'*+-.^_`|~09: 1"),
  ),
  exchange('values with bytes beyond ASCII', get('A: caf\xe9 \xff\x80'), ok('X: \xc3\xa9\x80\xff')),
  exchange('a request without a Host', head('GET /a HTTP/1.1'), OK),
  exchange('two Hosts', get('Host: other'), OK),
  exchange(
    'baggage that is not ours',
    get(
      'baggage: a=1;p=2, b = 3 ',
      'traceparent: 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
    ),
    OK,
  ),
  exchange(
    'baggage that only speaks of us',
    get('baggage: a=brownout.run, xbrownout.run=1, Brownout.Run=2', 'X-Baggage: brownout.run=1'),
    OK,
  ),
  answered('an unknown method', 'BREW /pot HTTP/1.1'),
  answered('a method in lower case', 'get /a HTTP/1.1'),
  answered('a method of every legal character', "!#$%&'*+-.^_`|~aZ9 /a HTTP/1.1"),
  answered('a target of 60,000 bytes', `GET /${'a'.repeat(60_000)}?q=1 HTTP/1.1`),
  answered(
    'a target that others would tidy up',
    'GET //a/./b/../c%2f%2F//?x=http://h//p&y=#z HTTP/1.1',
  ),
  answered('a target with bytes beyond ASCII', 'GET /caf\xc3\xa9?\xff HTTP/1.1'),
  answered('a target in absolute form', 'GET http://other.example:81/a?b HTTP/1.1'),
  answered('a target that is an asterisk', 'OPTIONS * HTTP/1.1'),
  answered('a target that no URL can be made of', 'GET http://[::1 HTTP/1.1'),
  answered('a target without a slash', 'GET a HTTP/1.1'),
  answered('a target that is only a query', 'GET ?a=b HTTP/1.1'),
  exchange(
    'a status line without a reason',
    GET,
    `${head('HTTP/1.1 200 ', 'Content-Length: 2')}ok`,
  ),
  exchange(
    'a status line without a reason or its space',
    GET,
    `${head('HTTP/1.1 200', 'Content-Length: 2')}ok`,
  ),
  exchange(
    'a reason with bytes beyond ASCII',
    GET,
    `${head('HTTP/1.1 200 \xc3\x87a va', 'Content-Length: 2')}ok`,
  ),
  exchange('a status that nobody knows', GET, `${head('HTTP/1.1 799 Odd', 'Content-Length: 2')}ok`),
  exchange('a head of 100 KB', get(`X: ${'v'.repeat(100_000)}`), ok(`Y: ${'w'.repeat(100_000)}`)),
  exchange(
    '500 fields',
    get(...Array.from({ length: 500 }, (_, i) => `X-${i}: ${i}`)),
    ok(...Array.from({ length: 500 }, (_, i) => `Y-${i}: ${i}`)),
  ),
  exchange(
    'a request with fields only',
    get('Upgrade-Insecure-Requests: 1', 'DNT: 1'),
    ok('Date: Thu, 01 Jan 1970 00:00:00 GMT'),
  ),
  {
    name: 'HTTP/1.0, whose answer ends with the connection',
    steps: [
      client('GET /a HTTP/1.0\r\n\r\n'),
      upstream('HTTP/1.0 200 OK\r\n\r\nold'),
      finish('upstream'),
    ],
    entries: [entry('GET /a HTTP/1.0\r\n\r\n', 'HTTP/1.0 200 OK\r\n\r\nold')],
  },
  {
    name: 'HTTP/1.0 kept alive, twice',
    steps: [1, 2].flatMap(() => [
      client(head('GET /a HTTP/1.0', 'Connection: keep-alive')),
      upstream(`${head('HTTP/1.0 200 OK', 'Connection: keep-alive', 'Content-Length: 2')}ok`),
    ]),
    entries: [1, 2].map(() =>
      entry(
        head('GET /a HTTP/1.0', 'Connection: keep-alive'),
        `${head('HTTP/1.0 200 OK', 'Connection: keep-alive', 'Content-Length: 2')}ok`,
      ),
    ),
  },
  {
    name: 'an HTTP/1.1 request that HTTP/1.0 answers, with a length and an end',
    steps: [
      client(GET),
      upstream(`${head('HTTP/1.0 200 OK', 'Content-Length: 2')}ok`),
      finish('upstream'),
    ],
    entries: [entry(GET, `${head('HTTP/1.0 200 OK', 'Content-Length: 2')}ok`)],
  },
  {
    name: 'empty lines before a request',
    steps: [client(GET), upstream(OK), client(`\r\n\r\n${GET}`), upstream(OK)],
    entries: [
      entry(GET, OK),
      { method: 'GET', path: '/a', status: 200, unframed: false, end: 'answered' },
    ],
  },
];
