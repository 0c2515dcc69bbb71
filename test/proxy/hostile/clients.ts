import { nextPoll } from '../rig.ts';
import { head } from '../transparency/conversation.ts';
import { RESPONSE } from './response.ts';
import {
  bytes,
  leave,
  linger,
  oneOf,
  randomBytes,
  sendInSegments,
  upTo,
  waitAWhile,
  type Script,
} from './script.ts';

const GET = head('GET /leaderboards/duke HTTP/1.1', 'Host: stats');
const POST = `${head('POST /scores HTTP/1.1', 'Host: stats', 'Content-Length: 30')}${'0123456789'.repeat(3)}`;
const CHUNKED = `${head('PUT /scores HTTP/1.1', 'Host: stats', 'Transfer-Encoding: chunked')}5;a=b\r\nhello\r\n1E\r\n${'x'.repeat(30)}\r\n0\r\nX-T: 1\r\n\r\n`;
const EXPECTS = head('POST /scores HTTP/1.1', 'Expect: 100-continue', 'Content-Length: 5');
const UPGRADES = head('GET /ws HTTP/1.1', 'Connection: Upgrade', 'Upgrade: websocket');
const CONNECTS = head('CONNECT a:1 HTTP/1.1', 'Host: a:1');
const REQUESTS = [GET, POST, CHUNKED];
const post = (...fields: string[]) => head('POST /scores HTTP/1.1', 'Host: stats', ...fields);
const chunks = head('POST /scores HTTP/1.1', 'Transfer-Encoding: chunked');

/** Requests that two readers would understand in two ways. */
const SMUGGLED = [
  `${post('Content-Length: 13', 'Transfer-Encoding: chunked')}0\r\n\r\nSMUGGLED`,
  `${post('Transfer-Encoding: chunked', 'Content-Length: 3')}8\r\nSMUGGLED\r\n0\r\n\r\n`,
  ...[
    'Transfer-Encoding: xchunked',
    'Transfer-Encoding : chunked',
    'Transfer-Encoding: chunked\r\nTransfer-Encoding: x',
    'Transfer-Encoding:\tchunked',
    ' Transfer-Encoding: chunked',
    'X: x\nTransfer-Encoding: chunked',
    'Transfer-Encoding\r\n : chunked',
    'Transfer-Encoding: \x0bchunked',
    'Transfer-Encoding: "chunked"',
    'transfer-encoding: identity, chunked, identity',
  ].map((field) => `${post('Content-Length: 4', field)}1\r\nZ\r\n0\r\n\r\n${GET}`),
  `${post('Content-Length: 1', 'Content-Length: 0')}${GET}`,
  `${post('Content-Length: 0\r\nContent-Length: 44')}${GET}`,
  `GET /a HTTP/1.1\r\nHost: a\r\nX: \rTransfer-Encoding: chunked\r\n\r\n`,
  `GET http://a/ HTTP/1.1\r\nHost: b\r\nHost: c\r\n\r\n${GET}`,
];

/** Those that behave, and prove that what the others did has harmed nobody. */
const honest = (name: string, request: string, count = 1, weight = 1): Script => ({
  name,
  weight,
  exchanges: count,
  async play(client) {
    client.send(bytes(request.repeat(count)));
    await waitAWhile(client, RESPONSE.length * count, 200 + count);
  },
});

export const CLIENTS: readonly Script[] = [
  honest('one request', GET, 1, 6),
  honest('an upload', POST, 1, 3),
  honest('an upload in chunks', CHUNKED, 1, 3),
  honest('twenty pipelined requests', GET, 20, 2),
  honest('10,000 pipelined requests', GET, 10_000, 0.15),
  {
    name: 'random bytes',
    weight: 4,
    async play(client, random) {
      await sendInSegments(client, randomBytes(1 + upTo(3000, random), random), random);
      leave(client, random);
    },
  },
  {
    name: 'a part of a request',
    weight: 10,
    async play(client, random) {
      const whole = oneOf([...REQUESTS, EXPECTS, UPGRADES, CONNECTS], random);
      await sendInSegments(client, bytes(whole.slice(0, upTo(whole.length, random))), random, 60);
      leave(client, random);
    },
  },
  {
    name: 'a request and a part of the next',
    weight: 5,
    async play(client, random) {
      const next = oneOf(REQUESTS, random);
      client.send(bytes(oneOf(REQUESTS, random) + next.slice(0, upTo(next.length, random))));
      await linger(random);
      leave(client, random);
    },
  },
  {
    name: 'a request, byte by byte',
    weight: 3,
    async play(client, random) {
      await sendInSegments(client, bytes(oneOf(REQUESTS, random)), random, 1);
      await waitAWhile(client, RESPONSE.length);
    },
  },
  {
    name: 'a client that leaves in its answer',
    weight: 8,
    async play(client, random) {
      client.send(bytes(oneOf(REQUESTS, random)));
      await waitAWhile(client, 1 + upTo(RESPONSE.length, random));
      leave(client, random);
    },
  },
  {
    name: 'a client that leaves between exchanges',
    weight: 4,
    async play(client, random) {
      for (let count = 1 + upTo(2, random), i = 1; i <= count; i++) {
        client.send(bytes(GET));
        await waitAWhile(client, RESPONSE.length * i);
      }
      leave(client, random);
    },
  },
  {
    name: 'a client that comes and goes',
    weight: 3,
    async play(client, random) {
      await linger(random, 3);
      leave(client, random);
    },
  },
  {
    name: 'a client that ends its side first',
    weight: 3,
    async play(client, random) {
      client.send(bytes(oneOf(REQUESTS, random)));
      client.finish();
      await waitAWhile(client, RESPONSE.length);
    },
  },
  {
    name: 'a client that does not read',
    weight: 2,
    async play(client, random) {
      client.pause();
      client.send(bytes(GET.repeat(1 + upTo(50, random))));
      await linger(random, 40);
      if (random() < 0.5) client.reset();
      else client.resume();
    },
  },
  {
    name: 'a head past the limit',
    floods: true,
    weight: 0.5,
    async play(client, random) {
      const line = random() < 0.5 ? 2_000_000 : 100 + upTo(1000, random);
      const field = `X: ${'y'.repeat(line)}\r\n`;
      client.send(bytes(`GET /a HTTP/1.1\r\n${field.repeat(Math.ceil(2_000_000 / line))}`));
      if (random() < 0.5) client.send(bytes(`\r\n${GET}`));
      await linger(random, 40);
      leave(client, random);
    },
  },
  {
    name: 'a chunk extension without an end',
    floods: true,
    weight: 0.5,
    async play(client, random) {
      client.send(bytes(`${chunks}1;`));
      for (let i = 0; i < 20 && !client.over; i++) {
        client.send(Buffer.alloc(100_000, 'e'));
        await nextPoll();
      }
      leave(client, random);
    },
  },
  {
    name: 'a chunk size that is not to be believed',
    weight: 3,
    async play(client, random) {
      const size = oneOf(
        [
          'ffffffffffffffff',
          '7fffffffffffffff',
          '1fffffffffffff',
          '-1',
          '0x1',
          ' 1',
          '1 1',
          ';',
          '',
          '\0',
          `${'0'.repeat(5000)}1`,
        ],
        random,
      );
      client.send(bytes(`${chunks}${size}\r\nx\r\n0\r\n\r\n${GET}`));
      await linger(random, 20);
      leave(client, random);
    },
  },
  {
    name: 'a request that is understood in two ways',
    weight: 10,
    async play(client, random) {
      await sendInSegments(client, bytes(oneOf(SMUGGLED, random)), random, 300);
      await linger(random, 20);
      leave(client, random);
    },
  },
  {
    name: 'a body that waits, or is never sent',
    weight: 3,
    async play(client, random) {
      client.send(bytes(EXPECTS));
      await waitAWhile(client, 1);
      if (random() < 0.5) client.send(bytes('hello'));
      await linger(random, 20);
      leave(client, random);
    },
  },
  {
    name: 'a tunnel',
    weight: 4,
    async play(client, random) {
      client.send(bytes(oneOf([UPGRADES, CONNECTS], random)));
      if (random() < 0.5) await waitAWhile(client, 1);
      await sendInSegments(client, randomBytes(upTo(2000, random), random), random);
      leave(client, random);
    },
  },
];
