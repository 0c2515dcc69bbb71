import { expect } from 'chai';
import { startMockStats, type RunningMockStats } from '../../src/mock-stats/start.ts';
import type { StatsData } from '../../src/mock-stats/data.ts';
import { rawRequest } from './raw-request.ts';

const HTML = 'text/html; charset=utf-8';
const BOARD =
  '[{"user_id": "cy", "score": 14.0}, {"user_id": "bo", "score": 2.5}, {"user_id": "al", "score": 2.5}]';
const STATS = '{"games": "1", "wins": "1", "losses": "0", "rock_selection_count": "1"}';

const data: StatsData = {
  products: {
    exrps: {
      scores: { al: 2.5, cy: 14, bo: 2.5 },
      stats: {
        cy: { games: '1', wins: '1', losses: '0', rock_selection_count: '1' },
        'é/☃': { games: '2' },
      },
    },
    many: { scores: Object.fromEntries(Array.from({ length: 14 }, (_, i) => [`user${i}`, i])) },
    odd: { scores: { 'naïve 🙂': -1, '"\\': 1e16 } },
  },
};

interface Row {
  readonly title: string;
  readonly request: string;
  readonly line: string;
  readonly body?: string;
}

const OK = 'HTTP/1.1 200 OK';
const BAD = 'HTTP/1.1 400 BAD REQUEST';
const GONE = 'HTTP/1.1 404 NOT FOUND';
const rows: readonly Row[] = [
  { title: 'a board', request: 'GET /leaderboards/top_ten/exrps', line: OK, body: BOARD },
  { title: 'an unknown board', request: 'GET /leaderboards/top_ten/nope', line: OK, body: '[]' },
  { title: 'default board', request: 'GET /leaderboards/top_ten/default', line: OK, body: '[]' },
  {
    title: 'odd ids, ASCII only',
    request: 'GET /leaderboards/top_ten/odd',
    line: OK,
    body: '[{"user_id": "\\"\\\\", "score": 1e+16}, {"user_id": "na\\u00efve \\ud83d\\ude42", "score": -1.0}]',
  },
  { title: 'stats', request: 'GET /stats/exrps/cy', line: OK, body: STATS },
  { title: 'stats with a query', request: 'GET /stats/exrps/cy?x=/1#y', line: OK, body: STATS },
  { title: 'an absolute target', request: 'GET http://h/stats/exrps/cy', line: OK, body: STATS },
  { title: 'an encoded letter', request: 'GET /st%61ts/exrps/%63y', line: OK, body: STATS },
  { title: 'a separator encoded', request: 'GET /stats%2Fexrps%2fcy', line: OK, body: STATS },
  { title: 'a user without stats', request: 'GET /stats/exrps/nobody', line: OK, body: '{}' },
  { title: 'nobody logged in', request: 'GET /stats/exrps/None', line: OK, body: '{}' },
  { title: 'a user named ..', request: 'GET /stats/exrps/..', line: OK, body: '{}' },
  { title: 'a user named __proto__', request: 'GET /stats/exrps/__proto__', line: OK, body: '{}' },
  { title: 'a stray percent', request: 'GET /stats/exrps/%zz%', line: OK, body: '{}' },
  { title: 'bytes that are not UTF-8', request: 'GET /stats/exrps/%ff%fe', line: OK, body: '{}' },
  { title: 'default stats', request: 'GET /stats/default/cy', line: OK, body: '{}' },
  {
    title: 'unknown product stats',
    request: 'GET /stats/nope/cy',
    line: BAD,
    body: 'Invalid product Id',
  },
  {
    title: 'a product named as an object property',
    request: 'GET /stats/constructor/cy',
    line: BAD,
    body: 'Invalid product Id',
  },
  { title: 'a product holding a query', request: 'GET /stats/exrps%3Fx/cy', line: BAD },
  { title: 'the root', request: 'GET /', line: GONE },
  { title: 'an unknown route', request: 'GET /health', line: GONE },
  { title: 'a server-wide target', request: 'OPTIONS *', line: GONE },
  { title: 'a missing product', request: 'GET /leaderboards/top_ten', line: GONE },
  { title: 'an empty product', request: 'GET /leaderboards/top_ten/', line: GONE },
  { title: 'a missing user', request: 'GET /stats/exrps', line: GONE },
  { title: 'an empty user', request: 'GET /stats/exrps/', line: GONE },
  { title: 'an empty product before a user', request: 'GET /stats//cy', line: GONE },
  { title: 'a trailing slash', request: 'GET /stats/exrps/cy/', line: GONE },
  { title: 'a user with %2F', request: 'GET /stats/exrps/%C3%A9%2F%E2%98%83', line: GONE },
  { title: 'a product with %2F', request: 'GET /leaderboards/top_ten/ex%2Frps', line: GONE },
  { title: 'POST to nowhere', request: 'POST /stats/exrps', line: GONE },
];

describe('the contract of the mock stats service', () => {
  let mock: RunningMockStats;
  before(async () => {
    mock = await startMockStats({ data });
  });
  after(() => mock[Symbol.asyncDispose]());

  const ask = (method: string, target: string) => rawRequest(mock.url, method, target);

  for (const { title, request, line, body } of rows) {
    it(`${request} (${title}) answers ${line.slice(9)}`, async () => {
      const [method = '', target = ''] = request.split(' ');
      const response = await ask(method, target);
      expect(response.statusLine).to.equal(line);
      expect(response.headers['content-type']).to.equal(HTML);
      expect(response.headers['content-length']).to.equal(String(response.body.length));
      if (body !== undefined) expect(response.body).to.equal(body);
      if (line === GONE) {
        expect(response.body)
          .to.match(/^<!doctype html>/)
          .and.to.have.length(207);
      }
    });
  }

  for (const target of ['/stats/exrps/cy', '/leaderboards/top_ten/exrps', '/stats/nope/cy', '/x']) {
    it(`HEAD ${target} answers as GET does, without the body`, async () => {
      const [head, get] = await Promise.all([ask('HEAD', target), ask('GET', target)]);
      expect(get.body).not.to.equal('');
      expect({ ...head, headers: { ...head.headers, date: '' } }).to.deep.equal({
        ...get,
        headers: { ...get.headers, date: '' },
        body: '',
      });
    });
  }

  for (const target of ['/stats/exrps/cy', '/stats/nope/cy', '/leaderboards/top_ten/exrps']) {
    it(`OPTIONS ${target} names the methods, and nothing else`, async () => {
      const { statusLine, headers, body } = await ask('OPTIONS', target);
      expect(statusLine).to.equal(OK);
      expect(headers).to.include({ allow: 'HEAD, OPTIONS, GET', 'content-length': '0' });
      expect(headers['content-type']).to.equal(HTML);
      expect(body).to.equal('');
    });

    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      it(`${method} ${target} is not allowed`, async () => {
        const { statusLine, headers, body } = await ask(method, target);
        expect(statusLine).to.equal('HTTP/1.1 405 METHOD NOT ALLOWED');
        expect(headers).to.include({ allow: 'HEAD, OPTIONS, GET', 'content-type': HTML });
        expect(headers['content-length']).to.equal(String(body.length));
        expect(body).to.match(/^<!doctype html>/);
      });
    }
  }

  it('lists eleven players where there are more than ten', async () => {
    const { body } = await ask('GET', '/leaderboards/top_ten/many');
    const users = (JSON.parse(body) as { user_id: string }[]).map((row) => row.user_id);
    expect(users).to.deep.equal(Array.from({ length: 11 }, (_, i) => `user${13 - i}`));
  });

  it('lists ten by choice', async () => {
    await using ten = await startMockStats({ data: { ...data, board_rows: 10 } });
    const { body } = await rawRequest(ten.url, 'GET', '/leaderboards/top_ten/many');
    expect(JSON.parse(body)).to.have.length(10);
  });

  it('breaks ties by the bytes of the user id, last first, as Redis does', async () => {
    // By UTF-16 units the emoji would stand before U+FF5E; by bytes it stands after.
    const scores = { a: 1, B: 1, '\uff5e': 1, '🙂': 1, aa: 1 };
    await using tied = await startMockStats({ data: { products: { p: { scores } } } });
    const { body } = await rawRequest(tied.url, 'GET', '/leaderboards/top_ten/p');
    const users = (JSON.parse(body) as { user_id: string }[]).map((row) => row.user_id);
    expect(users).to.deep.equal(['🙂', '\uff5e', 'aa', 'a', 'B']);
  });

  it('takes a request with a body that nobody asked for', async () => {
    const { status, body } = await rawRequest(mock.url, 'GET', '/stats/exrps/cy', { body: '{}' });
    expect(status).to.equal(200);
    expect(body).to.equal(STATS);
  });
});
