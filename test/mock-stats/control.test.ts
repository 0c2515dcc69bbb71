import { expect } from 'chai';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import { listen } from '../../src/common/server.ts';
import { createControl } from '../../src/mock-stats/control.ts';
import { startMockStats, type RunningMockStats } from '../../src/mock-stats/start.ts';
import { rawRequest } from './raw-request.ts';

describe('the control routes of the mock stats service', () => {
  let mock: RunningMockStats;
  const defects: unknown[] = [];
  beforeEach(async () => {
    defects.length = 0;
    mock = await startMockStats({ control: true, onDefect: (error) => defects.push(error) });
  });
  afterEach(() => mock[Symbol.asyncDispose]());
  afterEach(() => expect(defects).to.deep.equal([]));

  async function control(method: string, path: string, body?: unknown) {
    const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body);
    const response = await rawRequest(mock.controlUrl ?? '', method, path, { body: text });
    return {
      ...response,
      json: response.body === '' ? undefined : (JSON.parse(response.body) as unknown),
    };
  }
  const data = (path: string) => rawRequest(mock.url, 'GET', path);

  it('tell the calls and their counts', async () => {
    await data('/stats/exrps/a%2Fb');
    const { status, headers, json } = await control('GET', '/calls');
    expect(status).to.equal(200);
    expect(headers['content-type']).to.match(/^application\/json/);
    expect(json).to.deep.equal(JSON.parse(JSON.stringify(mock.calls())));
    expect(json).to.have.nested.property('calls[0].path', '/stats/exrps/a%2Fb');
    expect(json).to.have.property('counts').deep.equal({ 'GET (unknown)': 1 });
  });

  it('clear the calls', async () => {
    await data('/x');
    expect((await control('DELETE', '/calls')).status).to.equal(204);
    expect((await control('GET', '/calls')).json).to.deep.equal({ calls: [], counts: {} });
  });

  it('are not in the journal', async () => {
    await control('DELETE', '/calls');
    await control('GET', '/calls');
    expect(mock.calls().calls).to.deep.equal([]);
  });

  it('replace the fixed answers', async () => {
    const answers = { 'GET /stats/:product/:user': { status: 500, body: 'x' } };
    const { status, json } = await control('PUT', '/answers', answers);
    expect(status).to.equal(200);
    expect(json).to.deep.equal({ answers });
    expect((await data('/stats/exrps/ada')).status).to.equal(500);
  });

  it('take the fixed answers away', async () => {
    mock.setAnswers({ 'GET /stats/:product/:user': { status: 500 } });
    expect((await control('DELETE', '/answers')).status).to.equal(204);
    expect((await data('/stats/exrps/ada')).status).to.equal(200);
  });

  it('record an event, or a list of them', async () => {
    const event = { product_id: 'new', type: 'game_over', winner_id: 'w', loser_id: 'l' };
    expect((await control('POST', '/events', event)).json).to.deep.equal({ recorded: 1 });
    const list = await control('POST', '/events', [event, event]);
    expect(list.status).to.equal(200);
    expect(list.json).to.deep.equal({ recorded: 2 });
    expect((await data('/leaderboards/top_ten/new')).body).to.equal(
      '[{"user_id": "w", "score": 3.0}, {"user_id": "l", "score": 0.0}]',
    );
  });

  const refused: readonly (readonly [string, string, unknown, number, object])[] = [
    ['GET', '/', undefined, 404, { error: 'there is no / here' }],
    ['GET', '/stats/exrps/ada', undefined, 404, { error: 'there is no /stats/exrps/ada here' }],
    ['GET', '/%zz', undefined, 404, { error: 'there is no /%zz here' }],
    ['POST', '/calls', undefined, 405, { error: '/calls does not take POST' }],
    ['PROPFIND', '/calls', undefined, 405, { error: '/calls does not take PROPFIND' }],
    ['GET', '/events', undefined, 405, { error: '/events does not take GET' }],
    ['PATCH', '/answers', '{}', 405, { error: '/answers does not take PATCH' }],
    ['PUT', '/answers', [], 400, { path: '' }],
    ['PUT', '/answers', 'null', 400, { error: 'expected an object, got null', path: '' }],
    [
      'PUT',
      '/answers',
      { 'GET /a/:b': { stauts: 1 } },
      400,
      {
        error: 'GET /a/:b.stauts: unknown key "stauts", did you mean "status"?',
        path: '/GET ~1a~1:b/stauts',
      },
    ],
    ['PUT', '/answers', { 'GET /a': { status: 99 } }, 400, { path: '/GET ~1a/status' }],
    ['POST', '/events', {}, 400, { path: '/product_id' }],
    ['POST', '/events', [{}], 400, { path: '/0/product_id' }],
  ];
  for (const [method, path, body, status, part] of refused) {
    it(`answer ${method} ${path} ${JSON.stringify(body) ?? ''} with ${status}`, async () => {
      const response = await control(method, path, body);
      expect(response.status).to.equal(status);
      expect(response.json).to.include({ status, ...part });
      expect(response.json).to.have.property('error').that.is.a('string').and.is.not.equal('');
    });
  }

  it('name the methods that a path has', async () => {
    expect((await control('POST', '/calls')).headers['allow']).to.equal('HEAD, GET, DELETE');
  });

  for (const body of ['', '{', '{"a":1}x', '\u0000', "{'a': 1}"]) {
    it(`refuse ${JSON.stringify(body)}, which is not JSON, and change nothing`, async () => {
      mock.setAnswers({ 'GET /a': { body: 'a' } });
      const { status, json } = await control('PUT', '/answers', body);
      expect(status).to.equal(400);
      expect(json).to.include({ status: 400, path: '' });
      expect(json)
        .to.have.property('error')
        .that.matches(/^the body is not JSON: /);
      expect((await data('/a')).body).to.equal('a');
    });
  }

  it('change nothing when one of many answers is wrong', async () => {
    mock.setAnswers({ 'GET /a': { body: 'a' } });
    const { status } = await control('PUT', '/answers', { 'GET /b': {}, 'GET /c': { x: 1 } });
    expect(status).to.equal(400);
    expect(mock.answers()).to.deep.equal({ 'GET /a': { body: 'a' } });
  });

  it('refuse a value nested without end', async () => {
    const json = '['.repeat(100_000) + ']'.repeat(100_000);
    const response = await control('PUT', '/answers', `{"GET /a": {"json": ${json}}}`);
    expect(response.status).to.equal(400);
    expect(response.json).to.include({ path: '/GET ~1a/json' });
  });

  it('take a body of 1 MB and refuse a longer one', async () => {
    const empty = '{"GET /a": {"body": ""}}';
    const fill = (size: number): string =>
      empty.replace('""', `"${'x'.repeat(size - empty.length)}"`);
    expect((await control('PUT', '/answers', fill(1024 ** 2))).status).to.equal(200);
    const { status, json } = await control('PUT', '/answers', fill(1024 ** 2 + 1));
    expect(status).to.equal(413);
    expect(json).to.deep.equal({ error: 'the body is over 1 MB', status: 413 });
  });

  it('refuse a body that is too long before all of it has come', async () => {
    const response = await rawRequest(mock.controlUrl ?? '', 'POST', '/events', {
      headers: { 'Content-Length': '3000000', Connection: 'keep-alive' },
      body: 'x'.repeat(1024 ** 2 + 1),
    });
    expect(response.status).to.equal(413);
    expect(response.headers['connection']).to.equal('close');
  });

  it('survive a client that leaves in the middle of its body', async () => {
    const { port } = new URL(mock.controlUrl ?? '');
    const socket = connect(Number(port), '127.0.0.1');
    const head = 'PUT /answers HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: 100-continue\r\n';
    socket.write(`${head}Content-Length: 9\r\n\r\n`);
    await once(socket, 'data');
    socket.resetAndDestroy();
    expect((await control('GET', '/calls')).status).to.equal(200);
  });

  for (const host of ['127.0.0.1', 'localhost:1', 'LOCALHOST', '[::1]:9', '127.9.9.9']) {
    it(`answer to the host ${host}`, async () => {
      const response = await rawRequest(mock.controlUrl ?? '', 'GET', '/calls', {
        headers: { Host: host },
      });
      expect(response.status).to.equal(200);
    });
  }

  for (const host of ['evil.test', 'localhost.evil.test', '127.0.0.1.evil.test', '10.0.0.1', '']) {
    it(`do not answer to the host "${host}"`, async () => {
      mock.setAnswers({ 'GET /a': { body: 'a' } });
      const response = await rawRequest(mock.controlUrl ?? '', 'DELETE', '/answers', {
        headers: { Host: host },
      });
      expect(response.status).to.equal(403);
      expect(JSON.parse(response.body)).to.include({ status: 403 });
      expect(mock.answers()).to.have.property('GET /a');
    });
  }

  for (const origin of ['https://evil.test', 'null', 'http://127.0.0.1', 'http://localhost:1']) {
    it(`do not answer to a page of ${origin}`, async () => {
      mock.setAnswers({ 'GET /a': { body: 'a' } });
      const response = await rawRequest(mock.controlUrl ?? '', 'PUT', '/answers', {
        headers: { Origin: origin },
        body: '{}',
      });
      expect(response.status).to.equal(403);
      expect(mock.answers()).to.have.property('GET /a');
    });
  }

  it('answer a defect of their own with 500, and report it', async () => {
    const broken = new TypeError('at secret.ts:1');
    const calls = (): never => {
      throw broken;
    };
    const found: unknown[] = [];
    const handle = createControl({ ...mock, calls }, (error) => found.push(error));
    await using server = await listen(createServer(handle));
    const { status, body } = await rawRequest(server.url, 'GET', '/calls');
    expect(status).to.equal(500);
    expect(JSON.parse(body)).to.deep.equal({ error: 'internal error', status: 500 });
    expect(found).to.deep.equal([broken]);
  });

  it('answer to a page of their own', async () => {
    const response = await rawRequest(mock.controlUrl ?? '', 'GET', '/calls', {
      headers: { Origin: mock.controlUrl ?? '' },
    });
    expect(response.status).to.equal(200);
  });

  for (const path of ['/calls', '/answers', '/events']) {
    it(`are not reached through the data port: ${path}`, async () => {
      for (const method of ['GET', 'PUT', 'POST', 'DELETE']) {
        expect((await rawRequest(mock.url, method, path)).status).to.equal(404);
      }
    });
  }
});
