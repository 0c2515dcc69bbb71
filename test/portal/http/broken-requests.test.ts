import { expect } from 'chai';
import { listen } from '../../../src/common/server.ts';
import { readConfig } from '../../../src/portal/config.ts';
import { RENDERERS } from '../../../src/portal/errors/renderers/index.ts';
import { createPortalServer } from '../../../src/portal/http/server.ts';
import { rawClient, type RawAnswer } from '../../helpers/raw-client.ts';
import { until } from '../portal-under-test.ts';
import { hang, json, BOARD } from '../stub-stats.ts';
import { usePortal } from '../use-portal.ts';

const POST = 'POST /token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
const FAST = { HEADERS_TIMEOUT: '100ms', REQUEST_TIMEOUT: '200ms' };

describe('portal: requests that break off, drip or are none', () => {
  const system = usePortal(FAST);

  for (const [what, bytes, status, code, detail] of [
    ['what is no HTTP', 'hello\r\n\r\n', 400, 'malformed_request', 'This is no HTTP request.'],
    ['TLS', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400, 'malformed_request', undefined],
    ['an unknown method', 'FOO / HTTP/1.1\r\nHost: x\r\n\r\n', 400, 'malformed_request', undefined],
    [
      'a header with a line break',
      'GET / HTTP/1.1\r\nHost: x\r\nA\r\n\r\n',
      400,
      undefined,
      undefined,
    ],
    [
      'two lengths',
      `${POST}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{}`,
      400,
      undefined,
      undefined,
    ],
    [
      'a length and chunks',
      `${POST}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n`,
      400,
      'malformed_request',
      undefined,
    ],
    [
      'a chunk without a size',
      `${POST}Transfer-Encoding: chunked\r\n\r\nxyz\r\n`,
      400,
      undefined,
      undefined,
    ],
    ['no Host', 'GET /health HTTP/1.1\r\n\r\n', 400, 'no_host', 'Host is missing.'],
    [
      'a flood of headers',
      `GET /health HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(200)}\r\n`,
      431,
      'headers_too_large',
      'The headers are too large.',
    ],
    [
      'an endless header',
      `GET /health HTTP/1.1\r\nHost: x\r\nA: ${'b'.repeat(100_000)}`,
      431,
      'headers_too_large',
      undefined,
    ],
    ['an endless address', `GET /${'b'.repeat(100_000)}`, 431, 'headers_too_large', undefined],
    ['half a head', 'GET /health HTTP/1.1\r\nHost: x\r\n', 408, 'request_timeout', undefined],
    [
      'half a body',
      `${POST}Content-Length: 100\r\n\r\n{`,
      408,
      'request_timeout',
      'The request took too long to come.',
    ],
    ['half a chunk', `${POST}Transfer-Encoding: chunked\r\n\r\n5\r\n{`, 408, undefined, undefined],
  ] as const) {
    it(`${what} is a ${status} in the portal's own form, and the end (row 60)`, async () => {
      const client = rawClient(system.portal.url);
      client.send(Buffer.from(bytes, 'latin1'));
      const answered = (await client.answer()) as RawAnswer;
      expectProblem(answered, status, code);
      if (detail !== undefined) expect(JSON.parse(answered.body)).to.include({ detail });
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.equal(answered.raw);
      client.destroy();
      expect((await system.portal.get('/health')).status).to.equal(200);
      expect(system.portal.log).to.deep.equal([]);
    });
  }

  it('a body that drips is a 408, however long it would go on', async () => {
    const client = rawClient(system.portal.url);
    client.send(`${POST}Content-Length: 10000\r\n\r\n`);
    const drip = setInterval(() => client.send(' '), 20);
    const answered = (await client.answer()) as RawAnswer;
    clearInterval(drip);
    expectProblem(answered, 408, 'request_timeout');
    client.destroy();
  });

  it('a body that ends early is a 400 that says so', async () => {
    for (const body of [
      'Content-Length: 100\r\n\r\n{"email":',
      'Transfer-Encoding: chunked\r\n\r\n5\r\n{"ema',
      'Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n',
    ]) {
      const client = rawClient(system.portal.url);
      client.send(POST + body);
      client.finish();
      const answered = (await client.answer()) as RawAnswer;
      expectProblem(answered, 400, 'incomplete_body');
      expect(await client.ended).to.equal('fin');
    }
    expect(system.portal.log).to.deep.equal([]);
  });

  it('a client that never ends its side is cut in the end', async () => {
    const client = rawClient(system.portal.url);
    client.send('hello\r\n\r\n');
    expect(await client.ended).to.equal('fin');
    const goesOn = setInterval(() => client.send('x'), 50);
    expect(await client.failed).to.equal(true);
    clearInterval(goesOn);
    expect(client.text.match(/HTTP\/1\.1/g)).to.have.length(1);
  });

  it('an answer that has begun is cut, not mixed with a refusal', async () => {
    const { http } = readConfig(FAST);
    const server = createPortalServer(
      (_request, response) => response.writeHead(200, { 'content-length': 100 }).write('half'),
      http,
      RENDERERS.problem,
    );
    await using listening = await listen(server);
    const client = rawClient(listening.url);
    client.send(`${POST}Content-Length: 100\r\n\r\n{`);
    await client.ended;
    expect(client.text.split('\r\n\r\n')[1]).to.equal('half');
    client.destroy();
  });

  it('a refusal has the form that the operator has chosen', async () => {
    await system.restartPortal({ ...FAST, ERROR_FORMAT: 'status' });
    const client = rawClient(system.portal.url);
    client.send('hello\r\n\r\n');
    const { head, body } = (await client.answer()) as RawAnswer;
    expect(head).to.match(/^content-type: application\/json/im);
    expect(JSON.parse(body)).to.deep.equal({
      status: { status_code: 400, message: 'This is no HTTP request.' },
    });
    client.destroy();
  });

  it('what comes behind a good request spoils not its answer', async () => {
    system.stub.board = ({ response }) => setTimeout(() => response.end(JSON.stringify(BOARD)), 50);
    const client = rawClient(system.portal.url);
    client.send('GET /games/v2/leaderboard/exrps HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => system.stub.calls.length === 1);
    client.send('junk\r\n\r\n');
    const answered = (await client.answer()) as RawAnswer;
    expect(answered.status).to.equal(200);
    expectProblem((await client.answer()) as RawAnswer, 400, 'malformed_request');
    expect(await client.ended).to.equal('fin');
    client.destroy();
  });

  it('an answer may take longer than its request may', async () => {
    await system.restartPortal({ ...FAST, ATTEMPT_TIMEOUT: '20s', PAGE_DEADLINE: '20s' });
    system.stub.board = ({ response }) =>
      setTimeout(() => response.end(JSON.stringify(BOARD)), 600);
    const { status, body } = await system.portal.get('/games/v2/leaderboard/exrps');
    expect(status).to.equal(200);
    expect(body.error).to.equal(false);
  });

  it('two hundred headers are not too many', async () => {
    const client = rawClient(system.portal.url);
    client.send(`GET /health HTTP/1.1\r\nHost: x\r\n${'A: b\r\n'.repeat(199)}\r\n`);
    expect(((await client.answer()) as RawAnswer).status).to.equal(200);
    client.destroy();
  });

  it('a connection may rest longer than a head may take', async () => {
    const client = rawClient(system.portal.url);
    const ask = async () => {
      client.send('GET /health HTTP/1.1\r\nHost: x\r\n\r\n');
      return ((await client.answer()) as RawAnswer).status;
    };
    expect(await ask()).to.equal(200);
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(await ask()).to.equal(200);
    client.destroy();
  });

  it('an expectation that nobody knows is no reason to refuse', async () => {
    const client = rawClient(system.portal.url);
    client.send('GET /health HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\n\r\n');
    expect(((await client.answer()) as RawAnswer).status).to.equal(200);
    client.destroy();
  });

  it('a client that resets in the middle leaves nothing behind', async () => {
    await system.restartPortal({ LOG_LEVEL: 'debug' });
    system.stub.board = hang;
    const client = rawClient(system.portal.url);
    client.send('GET /games/v1/leaderboard/exrps/ HTTP/1.1\r\nHost: x\r\n\r\n');
    await until(() => system.stub.calls.length > 0);
    client.reset();
    await until(() => system.portal.log.some(({ msg }) => msg === 'A client went away'));
    system.stub.board = json(BOARD);
    expect((await system.portal.get('/health')).status).to.equal(200);
    expect(system.portal.log.filter(({ level }) => level === 'error')).to.deep.equal([]);
  });
});

function expectProblem({ head, body, status }: RawAnswer, expected: number, code?: string): void {
  expect(status, body).to.equal(expected);
  expect(head).to.match(/^content-type: application\/problem\+json/im);
  expect(head).to.match(/^connection: close/im);
  const id = /^x-request-id: (.*)$/im.exec(head)?.[1];
  const problem = JSON.parse(body) as Record<string, unknown>;
  expect(problem).to.include({ status: expected, request_id: id });
  expect(problem).to.have.all.keys('title', 'status', 'detail', 'code', 'request_id');
  if (code !== undefined) expect(problem).to.include({ code });
}
