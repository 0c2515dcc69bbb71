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

const CHUNKED = head('HTTP/1.1 200 OK', 'Transfer-Encoding: chunked');
const CLOSING = head('HTTP/1.1 200 OK', 'Connection: close');
const GZIP = head('HTTP/1.1 200 OK', 'Content-Encoding: gzip', 'Content-Length: 20');
const NO_RESPONSE = [
  'HTTP/1.1 20 OK\r\n\r\n',
  'HTTP/1.1 2000 OK\r\n\r\n',
  'SSH-2.0-OpenSSH\r\n',
  'HTTP/2 200\r\n\r\n',
  head('HTTP/1.1 200 OK', 'Content-Length: 2', 'Transfer-Encoding: chunked'),
  head('HTTP/1.1 200 OK', 'Content-Length: -2'),
  head('HTTP/1.1 200 OK', 'X: \0'),
  head('HTTP/1.1 200 OK', 'Nonsense'),
  `${CHUNKED}zz\r\nok\r\n`,
  `${CHUNKED}2\r\nokay\r\n0\r\n\r\n`,
  `${CHUNKED}ffffffffffffffff\r\nx`,
  `${head('HTTP/1.1 200 OK', 'Content-Encoding: gzip', 'Transfer-Encoding: chunked')}5\r\nplain\r\n0\r\n\r\n`,
  `${GZIP}this is not compress`,
  head('HTTP/1.1 101 Switching Protocols', 'Upgrade: x', 'Connection: upgrade'),
  RESPONSE.repeat(3),
];

/** Answers each request as soon as its first line has come. */
const honest: Script = {
  name: 'an honest upstream',
  weight: 30,
  exchanges: Infinity,
  async play(upstream) {
    let [answered, read] = [0, 0];
    for (let idle = 0; idle < 400 && !upstream.over; idle++) {
      if (upstream.length > read) {
        read = upstream.length;
        const asked = requestsIn(upstream.received());
        upstream.send(bytes(RESPONSE.repeat(asked - answered)));
        answered = asked;
        idle = 0;
      }
      await nextPoll();
    }
  },
};

export const UPSTREAMS: readonly Script[] = [
  honest,
  {
    name: 'an upstream that leaves before a request',
    weight: 2,
    async play(upstream, random) {
      await linger(random, 3);
      leave(upstream, random);
    },
  },
  {
    name: 'an upstream that leaves in the request',
    weight: 2,
    async play(upstream, random) {
      await waitAWhile(upstream, 1 + upTo(100, random));
      leave(upstream, random);
    },
  },
  {
    name: 'an upstream that leaves in its answer',
    weight: 8,
    async play(upstream, random) {
      await waitAWhile(upstream, 1);
      const chunked = `${CHUNKED}5\r\nhello\r\n1e;x\r\n${'x'.repeat(30)}\r\n0\r\n\r\n`;
      const whole = oneOf([RESPONSE, chunked, `${head('HTTP/1.1 103 Hi')}${RESPONSE}`], random);
      const part = bytes(whole.slice(0, upTo(whole.length, random)));
      await sendInSegments(upstream, part, random, 60);
      leave(upstream, random);
    },
  },
  {
    name: 'an upstream that leaves after its answer',
    weight: 3,
    async play(upstream, random) {
      await waitAWhile(upstream, 1);
      upstream.send(bytes(oneOf([RESPONSE, `${CLOSING}until the end`], random)));
      await linger(random, 2);
      leave(upstream, random);
    },
  },
  {
    name: 'an upstream that answers what is no response',
    weight: 8,
    async play(upstream, random) {
      await waitAWhile(upstream, 1);
      await sendInSegments(upstream, bytes(oneOf(NO_RESPONSE, random)), random, 100);
      leave(upstream, random);
    },
  },
  {
    name: 'an upstream of random bytes',
    weight: 3,
    async play(upstream, random) {
      if (random() < 0.7) await waitAWhile(upstream, 1);
      await sendInSegments(upstream, randomBytes(1 + upTo(3000, random), random), random);
      leave(upstream, random);
    },
  },
  {
    name: 'an upstream that says nothing',
    weight: 3,
    play: (_upstream, random) => linger(random, 30),
  },
  {
    name: 'an upstream that does not read',
    weight: 2,
    async play(upstream, random) {
      upstream.pause();
      await linger(random, 30);
      if (random() < 0.5) upstream.send(bytes(RESPONSE));
      leave(upstream, random);
    },
  },
  {
    name: 'an upstream that answers before it is asked',
    weight: 2,
    async play(upstream, random) {
      upstream.send(
        bytes(oneOf([RESPONSE, head('HTTP/1.1 408 Late', 'Content-Length: 0')], random)),
      );
      await linger(random, 20);
      leave(upstream, random);
    },
  },
  flooding('a head without an end', 'HTTP/1.1 200 OK\r\n', `X: ${'y'.repeat(9000)}\r\n`),
  flooding('interim answers without an end', '', head('HTTP/1.1 103 Hi', 'X: y').repeat(200)),
  flooding('a chunk extension without an end', `${CHUNKED}1;`, 'e'.repeat(9000)),
  flooding('trailers without an end', `${CHUNKED}0\r\n`, `X: ${'y'.repeat(9000)}\r\n`),
  flooding('a body without an end', CLOSING, 'b'.repeat(64 * 1024)),
  flooding('a compressed body that is none', GZIP.replace('20', '99999999'), 'b'.repeat(9000)),
];

/** Sends the same again and again, some megabytes at most. */
function flooding(name: string, start: string, again: string): Script {
  return {
    name: `an upstream with ${name}`,
    weight: 0.4,
    async play(upstream, random) {
      await waitAWhile(upstream, 1);
      upstream.send(bytes(start));
      for (let sent = 0; sent < 3_000_000 && !upstream.over; sent += again.length) {
        upstream.send(bytes(again));
        if (random() < 0.3) await nextPoll();
      }
      leave(upstream, random);
    },
  };
}

function requestsIn(received: Buffer): number {
  return received.toString('latin1').split(' HTTP/1.1\r\n').length - 1;
}
