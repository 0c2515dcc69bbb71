import http from 'node:http';
import { expect } from 'chai';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { startMock } from '../../src/system/mock.ts';
import { openSystem } from '../../src/system/open.ts';
import { brownout, start } from '../helpers/cli.ts';
import {
  BASICS,
  BROKEN_BOARD,
  CONTRACT,
  inFolder,
  load,
  problemsOf,
  SCENARIO,
  SYSTEM,
} from './run-files.ts';
import { program } from './run-program.ts';

const ROUTES = {
  'GET /board': { json: [{ user: 'ada' }] },
  'GET /players/top': { status: 418, headers: { 'x-teapot': 'yes' }, body: 'short' },
  'GET /players/:name': { json: null },
  '* /files/*rest': { headers: { 'Content-Type': 'text/csv' }, body: 'a,b' },
  'DELETE /board': { status: 204 },
};
const MOCK = { mock: 'stats', routes: ROUTES };
const SYSTEM_WITH = (target: string, more: object = {}) => ({
  ...SYSTEM,
  upstreams: { stats: { ...SYSTEM.upstreams.stats, target, ...more } },
});

describe('a mock from a file', () => {
  it('answers by the first route that fits, and says which there are where none does', async () => {
    const suite = await load({
      'mock.yaml': MOCK,
      'system.yaml': SYSTEM_WITH('./mock.yaml'),
      'contract.yaml': CONTRACT,
      'scenario.yaml': { ...SCENARIO, ...BROKEN_BOARD },
    });
    const target = suite.cells[0]?.system.upstreams['stats']?.target;
    if (!target || !('mock' in target)) return expect.fail('it is no mock');
    await using mock = await startMock(target.mock);
    const ask = (method: string, path: string) => asked(`${mock.url}${path}`, method);
    expect(await ask('GET', '/board?x=1')).to.deep.equal([200, JSON_TYPE, '[{"user":"ada"}]']);
    expect(await ask('HEAD', '/board')).to.deep.equal([200, JSON_TYPE, '']);
    expect(await ask('GET', '/players/top')).to.deep.equal([418, TEXT, 'short']);
    expect(await ask('GET', '/players/bob')).to.deep.equal([200, JSON_TYPE, 'null']);
    expect(await ask('PUT', '/files/a/b')).to.deep.equal([200, 'text/csv', 'a,b']);
    expect(await ask('DELETE', '/board')).to.deep.equal([204, undefined, '']);
    const [status, type, body] = await ask('POST', '/board');
    expect([status, type]).to.deep.equal([404, JSON_TYPE]);
    expect(JSON.parse(body)).to.deep.equal({
      error: 'the mock "stats" has no route for POST /board',
      routes: Object.keys(ROUTES),
    });
  });

  it('stands in an upstream’s place, behind the faults', async () => {
    const routes = { 'GET /board': { json: [1] }, 'GET /player': { json: { plays: 4 } } };
    const files = {
      'app/main.cjs': program(''),
      'mocks/stats.yaml': { mock: 'stats', routes },
      'system.yaml': {
        ...SYSTEM_WITH('./mocks/stats.yaml'),
        service: {
          command: [process.execPath, 'app/main.cjs', '${port}'],
          env: { STATS: '${upstream.stats.url}' },
        },
      },
      'contract.yaml': { ...CONTRACT, budget: { baseline: '5s', degraded: '5s' } },
      'scenario.yaml': { ...SCENARIO, ...BROKEN_BOARD },
    };
    const result = await inFolder(files, (folder) =>
      runSuite({
        ...BASICS,
        suite: loadSuite([folder]),
        openSystem: (spec) => openSystem(spec, 'seed'),
      }),
    );
    expect(result.cells[0]).to.include({ verdict: 'passed', reason: null });
  });

  it('runs by itself, too', async () => {
    await inFolder({ 'stats.yaml': MOCK }, async (folder) => {
      const mock = start(['mock', `${folder}/stats.yaml`, '--port', '0']);
      const said = await mock.says(/DELETE \/board\n/);
      const [, url = ''] = /^mock stats {3}(http:\S+)\n/.exec(said) ?? [];
      expect((await asked(`${url}/board`, 'GET'))[0]).to.equal(200);
      mock.child.kill('SIGINT');
      expect((await mock.finished).code).to.equal(130);
      const wrong = await brownout(['mock', `${folder}/stats.yaml`, '--control', '0']);
      expect(wrong).to.include({ code: 2 });
      expect(wrong.stderr).to.contain('--data and --control are for the mock stats service');
    });
  });

  const wrong: Record<string, [Record<string, unknown>, string]> = {
    'two routes that are one': [
      { 'GET /x/:id': {}, 'GET /x/:name': {} },
      '4:3: "GET /x/:id" stands before it and answers all of this: put this one first',
    ],
    'a route behind one that answers in its place': [
      { 'GET /x/:id': {}, 'GET /x/top': {} },
      '4:3: "GET /x/:id" stands before it and answers all of this: put this one first',
    ],
    'an unknown method': [{ 'GTE /x': {} }, '3:3: unknown method "GTE" (there is: GET, HEAD, POST'],
    'no path': [{ board: {} }, '3:3: expected a method and a path such as "GET /stats/:id"'],
    'a bad pattern': [{ 'GET /x/:': {} }, '3:3: "/x/:" is no path pattern: Missing parameter name'],
    'two bodies': [{ 'GET /x': { json: 1, body: '1' } }, '3:3: say either json or body'],
    'a body that no client would read': [
      { 'GET /x': { status: 204, json: 1 } },
      '3:3: an answer of this status has no body',
    ],
    'a status that is none': [{ 'GET /x': { status: 99 } }, '4:13: '],
    'a misspelt key': [{ 'GET /x': { jsn: 1 } }, '4:5: unknown key "jsn", did you mean "json"?'],
    'no route': [{}, '2:1: expected at least one route such as GET /x/:id'],
  };
  for (const [what, [routes, message]] of Object.entries(wrong)) {
    it(`is refused with ${what}`, async () => {
      const [first = 'nothing'] = await problemsOf({ 'mock.yaml': { mock: 'stats', routes } });
      expect(first).to.match(/^mock.yaml:/);
      expect(first.slice('mock.yaml:'.length)).to.contain(message);
    });
  }

  it('is looked for where the system file says', async () => {
    const problem = async (target: string, more = {}) =>
      (
        await problemsOf({ 'system.yaml': SYSTEM_WITH(target, more), 'contract.yaml': CONTRACT })
      )[0];
    expect(await problem('./mock.yaml')).to.match(/^system.yaml:6:13: no such file: .*mock\.yaml$/);
    const folder = { 'system.yaml': SYSTEM_WITH('./mock.yaml'), 'mock.yaml/of': 'another tool' };
    expect((await problemsOf(folder, ['system.yaml']))[0]).to.match(
      /:6:13: a folder, not a file: /,
    );
    expect(await problem('./contract.yaml')).to.match(
      /^contract.yaml:1:1: expected a mock, this is a contract$/,
    );
    expect(await problem('./mock.yaml', { protocol: 'tcp', calls: {} })).to.match(
      /: a mock speaks http/,
    );
  });
});

const JSON_TYPE = 'application/json';
const TEXT = 'text/plain; charset=utf-8';

function asked(url: string, method: string): Promise<[number, string | undefined, string]> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk));
      response.on('end', () =>
        resolve([response.statusCode ?? 0, response.headers['content-type'], text]),
      );
    });
    request.on('error', reject).end();
  });
}
