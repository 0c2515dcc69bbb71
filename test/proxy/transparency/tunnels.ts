import { client, entry, finish, head, partly, reset, upstream } from './conversation.ts';
import type { Conversation } from './conversation.ts';

const GET = head('GET /a HTTP/1.1', 'Host: stats');
const OK = `${head('HTTP/1.1 200 OK', 'Content-Length: 2')}ok`;
const WS = head(
  'GET /ws HTTP/1.1',
  'Host: stats',
  'Connection: keep-alive, Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
);
const SWITCHED = head(
  'HTTP/1.1 101 Switching Protocols',
  'Upgrade: websocket',
  'Connection: Upgrade',
  'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
);
const FRAMES_UP = '\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58';
const FRAMES_DOWN = '\x81\x05Hello\x82\x03\x00\xff\x0a';
const upgrade = (to: string, ...more: string[]) =>
  head('GET /u HTTP/1.1', 'Host: stats', 'Connection: Upgrade', `Upgrade: ${to}`, ...more);
const CONNECT = head('CONNECT db.example:5432 HTTP/1.1', 'Host: db.example:5432');
const tunnel = (request: string, status: number) => {
  const [method = '', path = ''] = request.split(' ');
  return { method, path, status, unframed: false, injected: [] };
};

/** Connections that stop to speak HTTP, and those that were asked to and go on. */
export const TUNNELS: readonly Conversation[] = [
  {
    name: 'a WebSocket, both ways',
    steps: [
      client(WS),
      upstream(SWITCHED),
      client(FRAMES_UP),
      upstream(FRAMES_DOWN),
      upstream('HTTP/1.1 500 Not a response\r\n\r\n'),
      client('GET /not-a-request HTTP/1.1\r\n\r\n'),
      finish('client'),
      upstream('\x88\x00'),
      finish('upstream'),
    ],
    entries: [tunnel(WS, 101)],
  },
  {
    name: 'a WebSocket whose first frames come with the 101',
    steps: [
      client(WS),
      upstream(SWITCHED + FRAMES_DOWN),
      client(FRAMES_UP),
      finish('upstream'),
      finish('client'),
    ],
    entries: [tunnel(WS, 101)],
  },
  {
    name: 'a WebSocket that the client resets',
    steps: [client(WS), upstream(SWITCHED), client(FRAMES_UP), reset('client')],
    entries: [tunnel(WS, 101)],
  },
  {
    name: 'a WebSocket that the upstream resets',
    steps: [client(WS), upstream(SWITCHED), client(FRAMES_UP), reset('upstream')],
    entries: [tunnel(WS, 101)],
  },
  {
    name: 'a WebSocket after an exchange on the same connection',
    steps: [client(GET), upstream(OK), client(WS), upstream(SWITCHED), upstream(FRAMES_DOWN)],
    entries: [entry(GET, OK), tunnel(WS, 101)],
  },
  {
    name: 'an upgrade to h2c',
    steps: [
      client(upgrade('h2c', 'HTTP2-Settings: AAMAAABkAAQAoAAAAAIAAAAA')),
      upstream(head('HTTP/1.1 101 Switching Protocols', 'Connection: Upgrade', 'Upgrade: h2c')),
      upstream('\0\0\0\x04\0\0\0\0\0'),
      client('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0'),
    ],
    entries: [tunnel(upgrade('h2c'), 101)],
  },
  {
    name: 'an upgrade to a protocol that nobody knows, of a POST with a body',
    steps: [
      client(
        `${head('POST /u HTTP/1.1', 'Connection: upgrade', 'Upgrade: spdy/9, x', 'Content-Length: 4')}body`,
      ),
      upstream(head('HTTP/1.1 101 Go', 'Upgrade: x', 'Connection: upgrade')),
      client('\r\n\r\n'),
      upstream('\r\n'),
    ],
    entries: [tunnel('POST /u', 101)],
  },
  {
    name: 'an upgrade that is answered 200, and the connection goes on',
    steps: [client(WS), upstream(OK), client(GET), upstream(OK)],
    entries: [entry(WS, OK), entry(GET, OK)],
  },
  {
    name: 'an upgrade that is answered 426 in chunks, and the connection goes on',
    steps: [
      client(upgrade('foo')),
      upstream(
        `${head('HTTP/1.1 426 Upgrade Required', 'Upgrade: bar', 'Transfer-Encoding: chunked')}2\r\nno\r\n0\r\n\r\n`,
      ),
      client(GET),
      upstream(OK),
    ],
    entries: [{ ...tunnel(upgrade('foo'), 426), end: 'answered' }, entry(GET, OK)],
  },
  {
    name: 'an upgrade that is answered 103 and then 101',
    steps: [
      client(WS),
      upstream(head('HTTP/1.1 103 Early Hints', 'Link: </a>')),
      upstream(SWITCHED),
      client(FRAMES_UP),
      upstream(FRAMES_DOWN),
    ],
    entries: [tunnel(WS, 101)],
  },
  {
    name: 'an upgrade whose client sends frames before the 101',
    steps: [
      client(WS),
      partly('client', FRAMES_UP),
      upstream(SWITCHED),
      upstream(FRAMES_DOWN),
      client(FRAMES_UP),
    ],
    entries: [{ method: 'GET', path: '/ws' }],
  },
  {
    name: 'CONNECT, then plain bytes both ways',
    steps: [
      client(CONNECT),
      upstream(head('HTTP/1.1 200 Connection Established')),
      client('\x16\x03\x01'),
      upstream('SSH-2.0\r\n'),
      client('GET / HTTP/1.1\r\n\r\n'),
      finish('client'),
      upstream('bye'),
      finish('upstream'),
    ],
    entries: [tunnel(CONNECT, 200)],
  },
  {
    name: 'CONNECT whose 2xx has a length that means nothing',
    steps: [
      client(CONNECT),
      upstream(head('HTTP/1.1 204 Fine', 'Content-Length: 5', 'Transfer-Encoding: chunked')),
      upstream('more than five bytes, and no chunks'),
      client('and back'),
    ],
    entries: [tunnel(CONNECT, 204)],
  },
  {
    name: 'CONNECT that is answered 407, and the connection goes on',
    steps: [
      client(CONNECT),
      upstream(`${head('HTTP/1.1 407 Who', 'Proxy-Authenticate: Basic', 'Content-Length: 2')}no`),
      client(GET),
      upstream(OK),
    ],
    entries: [{ ...tunnel(CONNECT, 407), end: 'answered' }, entry(GET, OK)],
  },
  {
    name: 'CONNECT whose client speaks before the 2xx',
    steps: [
      client(CONNECT),
      partly('client', '\x16\x03\x01\x00'),
      upstream(head('HTTP/1.1 200 OK')),
      upstream('\x15'),
    ],
    entries: [{ method: 'CONNECT', path: 'db.example:5432' }],
  },
];
