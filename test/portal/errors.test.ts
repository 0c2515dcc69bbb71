import { createServer } from 'node:http';
import { connect } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../src/common/server.ts';
import { createPortal } from '../../src/portal/app.ts';
import { readConfig } from '../../src/portal/config.ts';
import { PAGE } from './portal-under-test.ts';
import { usePortal } from './use-portal.ts';

const JSON_TYPE = { 'content-type': 'application/json' };

describe('portal: errors', () => {
  const system = usePortal();

  it('an unknown address is a 404 problem that carries the id of the request (rows 46, 114)', async () => {
    const { status, headers, body } = await system.portal.get('/nowhere', { 'x-request-id': 'r1' });
    expect(status).to.equal(404);
    expect(headers['content-type']).to.equal('application/problem+json');
    expect(body).to.deep.equal({
      title: 'Not Found',
      status: 404,
      detail: 'There is nothing at this address.',
      code: 'not_found',
      request_id: 'r1',
    });
    expect(system.portal.log.map(({ level }) => level)).to.deep.equal(['info']);
  });

  for (const [method, path, allow] of [
    ['POST', '/games/v1/games/', 'GET, HEAD, OPTIONS'],
    ['DELETE', PAGE, 'GET, HEAD, OPTIONS'],
    ['PATCH', '/games/v1/leaderboard/exrps', 'GET, HEAD, OPTIONS'],
    ['PUT', '/health', 'GET, HEAD, OPTIONS'],
    ['PROPFIND', '/health', 'GET, HEAD, OPTIONS'],
    ['GET', '/token/', 'OPTIONS, POST'],
  ] as const) {
    it(`${method} ${path} is a 405 with what is allowed (row 54)`, async () => {
      const { status, headers, body } = await system.portal.send(method, path);
      expect(status).to.equal(405);
      expect(headers['allow']).to.equal(allow);
      expect(body).to.include({ status: 405, code: 'method_not_allowed' });
      expect(system.stub.calls).to.deep.equal([]);
    });
  }

  it('OPTIONS tells what is allowed, and 404 where nothing is', async () => {
    const known = await system.portal.send('OPTIONS', PAGE);
    expect(known.status).to.equal(204);
    expect(known.headers['allow']).to.equal('GET, HEAD, OPTIONS');
    expect((await system.portal.send('OPTIONS', '/nowhere')).status).to.equal(404);
  });

  it('HEAD is GET without a body', async () => {
    const { status, headers, text } = await system.portal.send('HEAD', '/health');
    expect(status).to.equal(200);
    expect(headers['content-length']).to.equal('15');
    expect(text).to.equal('');
  });

  for (const [what, body, headers, status, code] of [
    ['malformed JSON', '{bad', JSON_TYPE, 400, 'malformed_json'],
    ['an array', '[]', JSON_TYPE, 400, 'invalid_request'],
    ['nothing', '', {}, 400, 'invalid_request'],
    ['another type', 'email=a', { 'content-type': 'text/plain' }, 415, 'unsupported_media_type'],
    ['no type', '{}', {}, 415, 'unsupported_media_type'],
    ['a large body', `"${'x'.repeat(20_000)}"`, JSON_TYPE, 413, 'body_too_large'],
    [
      'a compressed body',
      '{}',
      { ...JSON_TYPE, 'content-encoding': 'gzip' },
      415,
      'unsupported_media_type',
    ],
  ] as const) {
    it(`${what} sent to /token/ is a ${status} (rows 50, 60)`, async () => {
      const answered = await system.portal.send('POST', '/token/', { headers, body });
      expect(answered.status).to.equal(status);
      expect(answered.headers['content-type']).to.equal('application/problem+json');
      expect(answered.body).to.include({ status, code });
    });
  }

  it('a body that grows past the limit without having said so is a 413 (row 60)', async () => {
    const { port } = new URL(system.portal.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = 'POST /token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    socket.write(`${head}Transfer-Encoding: chunked\r\n\r\n`);
    socket.write(`5000\r\n${'x'.repeat(0x5000)}\r\n`);
    const [answer] = (await new Promise((resolve) =>
      socket.once('data', (data) => resolve([data.toString()])),
    )) as [string];
    expect(answer).to.match(/^HTTP\/1.1 413 /);
    expect(answer).to.match(/connection: close/i);
    socket.destroy();
  });

  it('an error of ours tells the client nothing and the log everything, once (rows 71, 83)', async () => {
    await system.restartPortal({}, true);
    await system.stub[Symbol.asyncDispose]();
    const { status, headers, text, body } = await system.portal.getAsAda(PAGE);
    expect(status).to.equal(500);
    expect(body).to.include({ title: 'Internal Server Error', code: 'internal' });
    expect(headers['content-type']).to.equal('application/problem+json');
    expect(text).to.not.match(/ECONN|FetchError|127\.0\.0\.1|node_modules|at /);
    expect(system.portal.log).to.have.length(1);
    expect(system.portal.log[0]?.level).to.equal('error');
    expect(JSON.stringify(system.portal.log[0])).to.include('ECONNREFUSED');
  });

  it("an error of ours goes to the app's error event as it was, once (rows 71, 83)", async () => {
    const boom = new Error('db password=hunter2 on 10.1.2.3:5432');
    const config = readConfig({ LOG_LEVEL: 'silent' }, { unprotected: true });
    const { app, close } = createPortal(config, { fetch: () => Promise.reject(boom) });
    const seen: unknown[] = [];
    app.on('error', (error) => seen.push(error));
    const handle = app.callback();
    const listening = await listen(
      createServer((request, response) => void handle(request, response)),
    );
    const response = await fetch(listening.url + PAGE);
    expect(response.status).to.equal(500);
    expect(await response.text()).to.not.match(/hunter2|10\.1\.2\.3|Error:|at /);
    expect(seen).to.deep.equal([boom]);
    await close();
    await listening[Symbol.asyncDispose]();
  });

  it('a client that goes away in the middle is nobody to complain about', async () => {
    const { port } = new URL(system.portal.url);
    const socket = connect(Number(port), '127.0.0.1');
    const head = 'POST /token/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n';
    socket.write(`${head}Content-Length: 100\r\n\r\n{`, () => socket.resetAndDestroy());
    await new Promise((resolve) => socket.once('close', resolve));
    expect((await system.portal.get('/health')).status).to.equal(200);
    expect(system.portal.log).to.deep.equal([]);
  });
});
