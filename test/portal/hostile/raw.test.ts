import { expect } from 'chai';
import { rawClient } from '../../helpers/raw-client.ts';
import { asAda, startPortalUnderTest, type PortalUnderTest } from '../portal-under-test.ts';
import { startStub, type Stub } from '../stub-stats.ts';
import { apartFromStats, type Settled } from './apart-from-stats.ts';

const HOST = 'Host: portal.test\r\n';
const JSON_TYPE = 'Content-Type: application/json\r\n';
const LOGIN = '{"email":"ada@example.test","password":"ada-plays-fair"}';
const POST = `POST /token/ HTTP/1.1\r\n${HOST}${JSON_TYPE}`;

/** Too many calls at once are an alert, and no request's error. */
const ALERT = 'service_failing';

/** What is sent on one connection, and the status of each answer to it; 0 stands for an end without an answer. */
const ATTACKS: readonly (readonly [what: string, bytes: string, statuses: readonly number[]])[] = [
  ['noise', '\u0000\u0001\u0002 nonsense\r\n\r\n', [400]],
  ['a greeting of TLS', '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001', [400]],
  ['a preface of HTTP/2', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', [400]],
  ['a line without a version, as of old', 'GET /health\r\n\r\n', [200]],
  ['a version that is none', `GET /health HTTP/9.9\r\n${HOST}\r\n`, [400]],
  ['HTTP/1.0 without a host', 'GET /health HTTP/1.0\r\n\r\n', [200]],
  ['HTTP/1.1 without a host', 'GET /health HTTP/1.1\r\n\r\n', [400]],
  ['two hosts', `GET /health HTTP/1.1\r\n${HOST}Host: other\r\n\r\n`, [400]],
  ['a host that is none', 'GET /games/v1/games HTTP/1.1\r\nHost: a b<script>\r\n\r\n', [400]],
  ['an odd method', `BREW /health HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['TRACE', `TRACE /health HTTP/1.1\r\n${HOST}\r\n`, [405]],
  ['CONNECT', `CONNECT 10.1.2.3:443 HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['a target of a proxy', `GET http://10.1.2.3/health HTTP/1.1\r\n${HOST}\r\n`, [200]],
  ['a target of a proxy that is nowhere', `GET http://10.1.2.3/x HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['a target that is no URL', `GET http://[::1 HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['a target with a port that is none', `GET http://10.1.2.3:bad/ HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['a target of another scheme', `GET file:///etc/passwd HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['the target *', `OPTIONS * HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['two slashes', `GET //health HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['a way up', `GET /games/v1/../../health HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['broken percent-encoding', `GET /games/v2/games/%zz%f HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['bytes that are no UTF-8', `GET /games/v2/games/%ff%fe HTTP/1.1\r\n${HOST}\r\n`, [400]],
  ['a NUL in the path', `GET /games/v2/games/%00 HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['a name of every object', `GET /games/v2/games/__proto__ HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['a path of 12 KB', `GET /${'a'.repeat(12_000)} HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['a path of 20 KB', `GET /${'a'.repeat(20_000)} HTTP/1.1\r\n${HOST}\r\n`, [431]],
  ['a query of 12 KB', `GET /games/v1/games?${'a&'.repeat(6000)} HTTP/1.1\r\n${HOST}\r\n`, [200]],
  ['a page of another world', `GET /games/v1/games?page=1e9 HTTP/1.1\r\n${HOST}\r\n`, [404]],
  ['a header of 20 KB', `GET /health HTTP/1.1\r\n${HOST}X: ${'x'.repeat(20_000)}\r\n\r\n`, [431]],
  ['a thousand headers', `GET /health HTTP/1.1\r\n${HOST}${'X: y\r\n'.repeat(1000)}\r\n`, [431]],
  ['headers without an end', `GET /health HTTP/1.1\r\n${'X: y\r\n'.repeat(50_000)}`, [431]],
  ['a header without a colon', `GET /health HTTP/1.1\r\n${HOST}nonsense\r\n\r\n`, [400]],
  ['a header with a blank', `GET /health HTTP/1.1\r\n${HOST}X : y\r\n\r\n`, [400]],
  ['a header that is folded', `GET /health HTTP/1.1\r\n${HOST}X: a\r\n b: c\r\n\r\n`, [400]],
  ['two lengths', `${POST}Content-Length: 2\r\nContent-Length: 4\r\n\r\n{}{}`, [400]],
  [
    'a length and chunks',
    `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    [400],
  ],
  ['chunks that are none', `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n`, [400]],
  ['an encoding of transfers that nobody knows', `${POST}Transfer-Encoding: gzip\r\n\r\n{}`, [400]],
  ['a length below nothing', `${POST}Content-Length: -1\r\n\r\n{}`, [400]],
  ['a length that is no number', `${POST}Content-Length: 2,3\r\n\r\n{}`, [400]],
  ['a body of a gigabyte', `${POST}Content-Length: 1000000000\r\n\r\n{`, [413]],
  [
    'a body in chunks without an end',
    `${POST}Transfer-Encoding: chunked\r\n\r\n${`400\r\n${'x'.repeat(1024)}\r\n`.repeat(40)}`,
    [413],
  ],
  [
    'extensions of chunks',
    `${POST}Transfer-Encoding: chunked\r\n\r\n2;${'x'.repeat(20_000)}\r\n{}\r\n0\r\n\r\n`,
    [413],
  ],
  [
    'an expectation',
    `${POST}Expect: 200-maybe\r\nContent-Length: ${LOGIN.length}\r\n\r\n${LOGIN}`,
    [200],
  ],
  [
    'an upgrade',
    `GET /health HTTP/1.1\r\n${HOST}Connection: Upgrade\r\nUpgrade: h2c\r\n\r\n`,
    [200],
  ],
  [
    'a request in the body of another',
    `GET /health HTTP/1.1\r\n${HOST}Content-Length: 44\r\n\r\nGET /nowhere HTTP/1.1\r\nHost: portal.test\r\n\r\n`.concat(
      `GET /health HTTP/1.1\r\n${HOST}\r\n`,
    ),
    [200, 200],
  ],
  [
    'a pipeline',
    `GET /health HTTP/1.1\r\n${HOST}\r\n`.repeat(100),
    Array.from({ length: 100 }, () => 200),
  ],
  [
    'a pipeline that turns to noise',
    `GET /nowhere HTTP/1.1\r\n${HOST}\r\nnoise\r\n\r\n`,
    [404, 400],
  ],
];

describe('portal: bytes that no client should send', () => {
  let stub: Stub;
  let portal: PortalUnderTest;
  let healthy: Settled;
  startAnew();

  for (const [what, bytes, statuses] of ATTACKS) {
    it(`${what}: ${[...new Set(statuses)].join(', ')}`, async () => {
      const client = rawClient(portal.url);
      client.send(Buffer.from(bytes, 'latin1'));
      for (const status of statuses) {
        const answer = await client.answer();
        if (typeof answer === 'string')
          throw new Error(`${answer} where ${status} was due: ${client.text.slice(0, 200)}`);
        expect(answer.status, answer.raw).to.equal(status);
        if (status >= 400) expectProblem(answer.head, answer.body, status);
      }
      client.destroy();
      await allIsAsBefore();
    });
  }

  it('five hundred connections that say nothing keep nobody from being served', async () => {
    const silent = Array.from({ length: 500 }, () => rawClient(portal.url));
    for (const client of silent) client.send('GET /health HTTP/1.1\r\n');
    await allIsAsBefore();
    for (const client of silent) client.destroy();
  });

  it('a client that reads nothing of a thousand answers holds no more than its connection', async () => {
    const headers = await asAda();
    const client = rawClient(portal.url);
    client.pause();
    const page = `GET /games/v2/games/exrps HTTP/1.1\r\n${HOST}authorization: ${headers['authorization']}\r\n\r\n`;
    client.send(page.repeat(1000));
    await allIsAsBefore();
    client.reset();
    await allIsAsBefore();
  });

  it('headers that come slowly end with a 408, others are served meanwhile', async () => {
    await restart({ HEADERS_TIMEOUT: '300ms', REQUEST_TIMEOUT: '600ms' });
    const client = rawClient(portal.url);
    client.send(`GET /health HTTP/1.1\r\n${HOST}`);
    await allIsAsBefore();
    const answer = await client.answer();
    if (typeof answer === 'string') throw new Error(answer);
    expectProblem(answer.head, answer.body, 408);
    expect(await client.ended).to.equal('fin');
  });

  it('a body that comes slowly ends with a 4xx, others are served meanwhile', async () => {
    await restart({ HEADERS_TIMEOUT: '300ms', REQUEST_TIMEOUT: '600ms' });
    const client = rawClient(portal.url);
    client.send(`${POST}Content-Length: 100\r\n\r\n{`);
    await allIsAsBefore();
    const answer = await client.answer();
    if (typeof answer === 'string') throw new Error(answer);
    expect(answer.status).to.be.within(400, 408);
    expectProblem(answer.head, answer.body, answer.status);
    client.destroy();
  });

  /** Another connection is served as ever, nothing is lost, and nothing of it all was an error of ours. */
  async function allIsAsBefore(): Promise<void> {
    expect(await apartFromStats(portal)).to.deep.equal(healthy);
    const loud = portal.log.filter(
      ({ level, type }) => /error|fatal/.test(level) && type !== ALERT,
    );
    expect(loud).to.deep.equal([]);
  }

  function expectProblem(head: string, body: string, status: number): void {
    expect(head).to.match(/^content-type: application\/problem\+json/im);
    expect(JSON.parse(body)).to.include({ status });
  }

  async function restart(env: Record<string, string>): Promise<void> {
    await portal[Symbol.asyncDispose]();
    portal = await startPortalUnderTest(stub.url, env);
  }

  function startAnew(): void {
    // One for all of them: what each leaves behind would show in the next.
    before(async () => {
      stub = await startStub();
      portal = await startPortalUnderTest(stub.url, { GUESS_LIMIT: '10000/1s' });
      healthy = await apartFromStats(portal);
    });
    after(async () => {
      await portal[Symbol.asyncDispose]();
      await stub[Symbol.asyncDispose]();
    });
  }
});
