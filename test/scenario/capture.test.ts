import { expect } from 'chai';
import { gotOf } from './judged.ts';
import { problemsOf, run, SCENARIO, SYSTEM } from './run-files.ts';
import type { Behaviour } from './service.ts';

/** A list of games whose first is `go`, and each game at its own path. */
const shop: Behaviour = async ({ path, method, call, headers }) => {
  await call('/board');
  if (method === 'POST') return { status: 201, body: '', headers: { Location: '/games/made' } };
  if (path === '/games') return { body: { results: [{ id: 'go', size: 19 }] } };
  return { body: { at: path, size: 19, sent: headers['x-game'] ?? null } };
};

const steps = (steps: object[]) =>
  run({
    service: shop,
    scenario: {
      use: ['./system.yaml'],
      faults: [{ on: 'stats.board', inject: { latency: '1ms' } }],
      steps,
    },
  });

const list = { get: '/games', capture: { game: '/results/0/id', size: '/results/0/size' } };

describe('capture', () => {
  it('puts what an answer held into the path, the headers and the expectations of later steps', async () => {
    const { cell } = await steps([
      list,
      {
        get: '/games/${game}',
        headers: { 'x-game': 'is ${game}' },
        expect: { body: { '/at': '/games/${game}', '/sent': 'is go', '/size': '${size}' } },
      },
    ]);
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });

  it('takes a header, whose value may be a whole path', async () => {
    const { cell } = await steps([
      { post: '/games', capture: { where: { header: 'Location' } } },
      { get: '${where}', expect: { body: { '/at': '/games/made' } } },
    ]);
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });

  it('fails where there is nothing, and does not send what needs it', async () => {
    const { cell } = await steps([
      { get: '/games', capture: { game: '/results/7/id' }, expect: { status: 200 } },
      { get: '/games/${game}', expect: { status: 200 } },
    ]);
    expect(cell.verdict).to.equal('failed');
    expect(gotOf(cell)).to.deep.equal([
      { pointer: '/results/7/id', expected: 'something to capture as game', got: undefined },
      { pointer: '${game}', expected: 'what an earlier step captures', got: undefined },
    ]);
    expect(cell.exchanges).to.have.length(1);
  });

  it('fails where what was captured is no path', async () => {
    const { cell } = await steps([list, { get: '${game}', expect: { status: 200 } }]);
    expect(gotOf(cell)).to.deep.equal([
      { pointer: 'path', expected: 'a path such as /health', got: 'go' },
    ]);
  });

  it('knows only what earlier steps capture', async () => {
    const problems = await problemsOf({
      'system.yaml': SYSTEM,
      'scenario.yaml': {
        ...SCENARIO,
        use: ['./system.yaml'],
        matrix: { size: [1] },
        faults: [{ on: 'stats.board', inject: { latency: '${size}ms' } }],
        steps: [
          { get: '/games/${game}', expect: { status: 200 } },
          list,
          { get: '/games/${gam}', expect: { status: 200 } },
        ],
      },
    });
    expect(problems).to.deep.equal([
      'scenario.yaml:13:10: unknown ${game} (there is: size)',
      'scenario.yaml:19:13: "size" is a name of the matrix',
      'scenario.yaml:20:10: unknown ${gam}, did you mean "game"?',
    ]);
  });
});
