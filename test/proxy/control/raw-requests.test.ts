import { expect } from 'chai';
import { rawClient, type RawAnswer } from '../../helpers/raw-client.ts';
import { withControl } from './with-control.ts';

const RULE = { on: 'leaderboard', inject: { status: 503 } };
const HOST = 'Host: localhost\r\n';

/** What is sent, byte for byte; what it is answered with; and what the reason says. */
const ROWS: readonly [what: string, sent: string, status: number, reason: RegExp][] = [
  ['an id that is above', `GET /v1/rules/.. HTTP/1.1\r\n${HOST}\r\n`, 404, /no rule "\.\."/],
  [
    'an id that is above, encoded',
    `DELETE /v1/rules/%2e%2e%2f HTTP/1.1\r\n${HOST}\r\n`,
    404,
    /no rule/,
  ],
  ['a slash in an id', `DELETE /v1/rules/a%2Fb HTTP/1.1\r\n${HOST}\r\n`, 404, /no rule "a\/b"/],
  ['one more segment', `DELETE /v1/rules/r1/x HTTP/1.1\r\n${HOST}\r\n`, 404, /GET \/v1 says/],
  ['a NUL in an id', `DELETE /v1/rules/r1%00 HTTP/1.1\r\n${HOST}\r\n`, 404, /no rule "r1."/],
  [
    'unicode in an id',
    `DELETE /v1/rules/%F0%9F%92%A5 HTTP/1.1\r\n${HOST}\r\n`,
    404,
    /no rule "💥"/,
  ],
  [
    'an id that cannot be decoded',
    `DELETE /v1/rules/%zz%ff HTTP/1.1\r\n${HOST}\r\n`,
    404,
    /no rule/,
  ],
  ['a full-width r1', `DELETE /v1/rules/%EF%BD%92%31 HTTP/1.1\r\n${HOST}\r\n`, 404, /no rule/],
  ['a long id', `DELETE /v1/rules/${'r'.repeat(9000)} HTTP/1.1\r\n${HOST}\r\n`, 404, /no rule/],
  [
    'a longer path',
    `GET /v1/${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`,
    431,
    /larger than 16 KB/,
  ],
  [
    'a longer query',
    `GET /v1/rules?run=${'x'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`,
    431,
    /16 KB/,
  ],
  ['a larger head', `GET /v1 HTTP/1.1\r\n${HOST}X: ${'x'.repeat(200_000)}\r\n\r\n`, 431, /16 KB/],
  ['an empty path', `GET // HTTP/1.1\r\n${HOST}\r\n`, 404, /GET \/v1 says/],
  ['a path that climbs', `GET /v1/../../etc/passwd HTTP/1.1\r\n${HOST}\r\n`, 404, /GET \/v1 says/],
  [
    'a query twice',
    `DELETE /v1/rules?run=a&run=b HTTP/1.1\r\n${HOST}\r\n`,
    400,
    /expected text, got \["a","b"\]/,
  ],
  [
    'a query that is a list',
    `DELETE /v1/rules?run[]=a HTTP/1.1\r\n${HOST}\r\n`,
    400,
    /unknown key "run\[\]"/,
  ],
  [
    '__proto__ in a query',
    `DELETE /v1/rules?__proto__=a HTTP/1.1\r\n${HOST}\r\n`,
    400,
    /unknown key "__proto__"/,
  ],
  ['a query too many', `GET /v1?x=1 HTTP/1.1\r\n${HOST}\r\n`, 400, /unknown key "x"/],
  [
    'a query too many',
    `DELETE /v1/rules/r1?run=a HTTP/1.1\r\n${HOST}\r\n`,
    400,
    /unknown key "run"/,
  ],
  ['an empty query', `DELETE /v1/rules?run HTTP/1.1\r\n${HOST}\r\n`, 400, /got an empty text/],
  ['a since to come', `GET /v1/journal?since=999 HTTP/1.1\r\n${HOST}\r\n`, 400, /earlier next/],
  ['no limit', `GET /v1/journal?limit=0 HTTP/1.1\r\n${HOST}\r\n`, 400, /1 to 10000/],
  ['a limit too high', `GET /v1/journal?limit=10001 HTTP/1.1\r\n${HOST}\r\n`, 400, /1 to 10000/],
  ['a limit in hex', `GET /v1/journal?limit=0x10 HTTP/1.1\r\n${HOST}\r\n`, 400, /1 to 10000/],
  ['a HEAD of what is not there', `HEAD /v2 HTTP/1.1\r\n${HOST}\r\n`, 404, /^$/],
  ['a HEAD of what is to be sent', `HEAD /v1/arm HTTP/1.1\r\n${HOST}\r\n`, 405, /^$/],
  ['a TRACE', `TRACE /v1 HTTP/1.1\r\n${HOST}\r\n`, 405, /not with this method/],
  ['a CONNECT', 'CONNECT 127.0.0.1:22 HTTP/1.1\r\nHost: 127.0.0.1:22\r\n\r\n', 405, /no CONNECT/],
  [
    'an expectation',
    `POST /v1/rules HTTP/1.1\r\n${HOST}Expect: miracles\r\nContent-Length: 0\r\n\r\n`,
    417,
    /miracles/,
  ],
  ['no HTTP', 'hello there\r\n\r\n', 400, /this is not HTTP\/1\.1/],
  ['a TLS hello', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, /this is not HTTP/],
  ['HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 400, /this is not HTTP/],
  ['a method of no one', `BREAK /v1/rules HTTP/1.1\r\n${HOST}\r\n`, 400, /this is not HTTP/],
  [
    'two lengths',
    `POST /v1/rules HTTP/1.1\r\n${HOST}Content-Length: 3\r\nContent-Length: 4\r\n\r\n{}`,
    400,
    /this is not HTTP/,
  ],
  [
    'a length and chunks',
    `POST /v1/rules HTTP/1.1\r\n${HOST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    400,
    /this is not HTTP/,
  ],
  [
    'a length below zero',
    `POST /v1/rules HTTP/1.1\r\n${HOST}Content-Length: -3\r\n\r\n`,
    400,
    /this is not HTTP/,
  ],
  [
    'a bad chunk',
    `POST /v1/rules HTTP/1.1\r\n${HOST}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n`,
    400,
    /this is not HTTP/,
  ],
  [
    'a header line that is none',
    `GET /v1 HTTP/1.1\r\n${HOST}no colon here\r\n\r\n`,
    400,
    /this is not HTTP/,
  ],
  ['a NUL in a header', `GET /v1 HTTP/1.1\r\n${HOST}X: a\0b\r\n\r\n`, 400, /this is not HTTP/],
];

describe('a request that the control API does not understand', () => {
  for (const [what, sent, status, reason] of ROWS) {
    it(`is answered with ${status}, and why: ${what}, ${JSON.stringify(sent.slice(0, 40))}`, () =>
      withControl({}, async (ask, { control }, url) => {
        const before = await control.add([RULE]);
        const client = rawClient(url);
        client.send(Buffer.from(sent, 'latin1'));
        const answer = (await client.answer(sent.startsWith('HEAD'))) as RawAnswer;
        expect(answer.status, client.text).to.equal(status);
        expect(answer.head).to.match(/content-type: application\/json/i);
        if (answer.body === '') expect('').to.match(reason);
        else {
          const said = JSON.parse(Buffer.from(answer.body, 'latin1').toString()) as object;
          expect(said).to.include({ status }).and.have.property('error').that.matches(reason);
        }
        if (/connection: close/i.test(answer.head)) expect(await client.ended).to.equal('fin');
        client.destroy();
        expect(await control.rules()).to.deep.equal(before);
        expect((await ask('GET /v1/rules')).status).to.equal(200);
      }));
  }

  it('is answered with what it may be where that is all it asks', () =>
    withControl({}, async (ask, { control }) => {
      const { status, headers } = await ask('OPTIONS /v1/rules');
      expect(status).to.equal(200);
      expect(headers.allow).to.equal('HEAD, GET, POST, DELETE');
      expect(headers).not.to.have.any.keys('access-control-allow-origin');
      const head = await ask('HEAD /v1/rules');
      expect(head).to.include({ status: 200, body: undefined });
      expect(await control.rules()).to.deep.equal([]);
    }));

  it('may come behind one that is understood', () =>
    withControl({}, async (_ask, _rig, url) => {
      const client = rawClient(url);
      client.send(`GET /v1/rules HTTP/1.1\r\n${HOST}\r\nnonsense\r\n\r\n`);
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.match(/400 Bad Request/);
      client.destroy();
    }));

  it('does not cut into a stream of events with an answer of its own', () =>
    withControl({}, async (_ask, _rig, url) => {
      const client = rawClient(url);
      client.send(`GET /v1/events HTTP/1.1\r\n${HOST}\r\n`);
      await client.until((text) => text.includes(':\n\n'));
      client.send('nonsense\r\n\r\n');
      await client.ended;
      expect(client.text).not.to.include('400 Bad');
      client.destroy();
    }));
});
