import { client, entry, finish, head, partly, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const get = (path: string) => head(`GET ${path} HTTP/1.1`, 'Host: stats');
const ok = (body: string) => head('HTTP/1.1 200 OK', `Content-Length: ${body.length}`) + body;
const post = (path: string, body: string) =>
  head(`POST ${path} HTTP/1.1`, `Content-Length: ${body.length}`) + body;
const chunked = (path: string, body: string) =>
  `${head(`PUT ${path} HTTP/1.1`, 'Transfer-Encoding: chunked')}${body.length.toString(16)}\r\n${body}\r\n0\r\n\r\n`;

/** Requests that each have their response, sent in the segments that are said. */
const pipelined = (
  name: string,
  pairs: readonly (readonly [string, string])[],
  how: 'one by one' | 'together' = 'together',
): Conversation => {
  const responses = pairs.map(([, response]) => response);
  return {
    name,
    steps: [
      client(...pairs.map(([request]) => request)),
      ...(how === 'together' ? [upstream(...responses)] : responses.map((one) => upstream(one))),
    ],
    entries: pairs.map(([request, response]) => entry(request, response)),
  };
};
const numbered = (count: number) => Array.from({ length: count }, (_, i) => `/${i}`);

/** Requests that do not wait for the response to the one before. */
export const PIPELINING: readonly Conversation[] = [
  pipelined('two requests in one segment', [
    [get('/0'), ok('zero')],
    [get('/1'), ok('one')],
  ]),
  pipelined(
    'two requests in one segment, answered one by one',
    [
      [get('/0'), ok('zero')],
      [get('/1'), ok('one')],
    ],
    'one by one',
  ),
  pipelined(
    'twenty requests in one segment, answered in one',
    numbered(20).map((path) => [get(path), ok(path)] as const),
  ),
  pipelined(
    'twenty requests in one segment, answered one by one',
    numbered(20).map((path) => [get(path), ok(path)] as const),
    'one by one',
  ),
  pipelined('uploads of both framings in one segment', [
    [post('/0', 'abc'), ok('0')],
    [chunked('/1', 'def'), ok('1')],
    [post('/2', ''), ok('')],
    [get('/3'), ok('3')],
  ]),
  pipelined('a body that looks like a request', [
    [post('/0', get('/evil')), ok('0')],
    [get('/1'), ok('1')],
  ]),
  pipelined('HEAD, GET and 304 in one segment', [
    [head('HEAD /0 HTTP/1.1'), head('HTTP/1.1 200 OK', 'Content-Length: 5')],
    [get('/1'), ok('hello')],
    [get('/2'), head('HTTP/1.1 304 Same', 'Content-Length: 5')],
    [get('/3'), head('HTTP/1.1 204 None')],
    [get('/4'), ok('')],
  ]),
  pipelined('interim answers among pipelined ones', [
    [get('/0'), head('HTTP/1.1 103 Early Hints') + ok('0')],
    [post('/1', 'x'), head('HTTP/1.1 100 Continue') + head('HTTP/1.1 102 Processing') + ok('1')],
    [get('/2'), ok('2')],
  ]),
  {
    name: 'a request that comes in the middle of an answer',
    steps: [
      client(get('/0')),
      upstream(ok('zero').slice(0, -2)),
      client(get('/1')),
      upstream('ro'),
      upstream(ok('one')),
    ],
    entries: [entry(get('/0'), ok('zero')), entry(get('/1'), ok('one'))],
  },
  {
    name: 'segments that end in the middle of the next request',
    steps: [
      partly('client', get('/0') + get('/1').slice(0, 7), 7),
      upstream(ok('zero')),
      partly('client', get('/1').slice(7) + get('/2').slice(0, -1), get('/2').length - 1),
      upstream(ok('one')),
      client('\n'),
      upstream(ok('two')),
    ],
    entries: [
      entry(get('/0'), ok('zero')),
      entry(get('/1'), ok('one')),
      entry(get('/2'), ok('two')),
    ],
  },
  {
    name: 'pipelined requests of which the last is answered by the end of the connection',
    steps: [
      client(get('/0') + get('/1')),
      finish('client'),
      upstream(ok('zero')),
      upstream('HTTP/1.1 200 OK\r\n\r\nuntil the end'),
      finish('upstream'),
    ],
    entries: [
      entry(get('/0'), ok('zero')),
      entry(get('/1'), 'HTTP/1.1 200 OK\r\n\r\nuntil the end'),
    ],
  },
  {
    name: 'pipelined requests of which the second is never answered',
    steps: [client(get('/0') + get('/1')), upstream(ok('zero')), finish('upstream')],
    entries: [
      entry(get('/0'), ok('zero')),
      { method: 'GET', path: '/1', status: null, bytesOut: 0, end: 'upstream-failed' },
    ],
  },
  {
    name: 'a hundred exchanges, one after another',
    steps: numbered(100).flatMap((path) => [client(get(path)), upstream(ok(path))]),
    entries: numbered(100).map((path) => entry(get(path), ok(path))),
  },
];
