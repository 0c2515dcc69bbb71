import { expect } from 'chai';
import { gotOf } from './judged.ts';
import { problemsOf, run, SCENARIO, SYSTEM } from './run-files.ts';
import { rightPage, rightService, type Behaviour } from './service.ts';

/** Games that exist from their POST to their DELETE, and a page beside them. */
function shop(): { service: Behaviour; games: Set<string>; log: string[] } {
  const games = new Set<string>();
  const log: string[] = [];
  return {
    games,
    log,
    async service(visit) {
      const { method, path } = visit;
      if (path === '/page') return rightService(visit);
      log.push(`${method} ${path}`);
      if (method === 'POST') games.add('/games/7');
      if (method === 'DELETE') return { status: games.delete(path) ? 204 : 404, body: '' };
      return { status: 200, body: { id: 7 } };
    },
  };
}

const make = { post: '/games', capture: { id: '/id' }, expect: { status: 200 } };
const remove = { delete: '/games/${id}', expect: { status: 204 } };
const broken = { on: 'stats.board', inject: { status: 503 } };

describe('setup and teardown', () => {
  it('run before the baseline and after everything, and share what was captured', async () => {
    const { service, games, log } = shop();
    const { cell } = await run({
      service,
      scenario: {
        faults: [broken],
        setup: [make],
        steps: [{ get: '/games/${id}' }, { send: 'page' }],
        teardown: [remove],
      },
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    expect(log).to.deep.equal(['POST /games', 'GET /games/7', 'DELETE /games/7']);
    expect(games.size).to.equal(0);
  });

  it('tear down what was set up where the scenario fails', async () => {
    const { service, games } = shop();
    const { cell } = await run({
      service: async (visit) =>
        visit.path === '/page' && games.size > 0 ? { body: { board: 'wrong' } } : service(visit),
      scenario: { faults: [broken], setup: [make], teardown: [remove] },
    });
    expect(cell.verdict).to.equal('broken');
    expect(games.size).to.equal(0);
  });

  it('tear down what was set up where the run is interrupted', async () => {
    const { service, games } = shop();
    const stop = new AbortController();
    const { result } = await run({
      async service(visit) {
        if (visit.path === '/page' && games.size > 0) stop.abort();
        return service(visit);
      },
      signal: stop.signal,
      scenario: { faults: [broken], setup: [make], teardown: [remove] },
    });
    expect(result.exit).to.equal(130);
    expect(games.size).to.equal(0);
  });

  it('are broken where the setup does not hold, and tear down all the same', async () => {
    const { service, log } = shop();
    const { cell } = await run({
      service,
      scenario: {
        faults: [broken],
        setup: [{ ...make, expect: { status: 201 } }],
        teardown: [{ delete: '/games/7', expect: { status: 204 } }],
      },
    });
    expect(cell).to.include({
      verdict: 'broken',
      reason: 'the setup did not hold: status: expected 201, got 200',
    });
    expect(cell.failures[0]?.at).to.match(/scenario\.yaml:\d+:\d+$/);
    expect(log).to.deep.equal(['POST /games', 'DELETE /games/7']);
  });

  it('put nothing back where there is no baseline, so that nothing was set up', async () => {
    const { service, log } = shop();
    let n = 0;
    const { cell } = await run({
      service: async (visit) =>
        visit.path === '/page' ? { body: { ...(await rightPage(visit)), n: n++ } } : service(visit),
      scenario: { faults: [broken], setup: [make], teardown: [remove] },
    });
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.match(/^the baseline changes .*volatile, or mend it$/);
    expect(log).to.deep.equal([]);
  });

  it('fail where the teardown does not hold', async () => {
    const { service } = shop();
    const { cell } = await run({
      service,
      scenario: { faults: [broken], teardown: [{ delete: '/games/9', expect: { status: 204 } }] },
    });
    expect(cell.verdict).to.equal('failed');
    expect(cell.reason).to.equal('the teardown did not hold: status: expected 204, got 404');
    expect(gotOf(cell)).to.deep.equal([{ pointer: 'status', expected: 204, got: 404 }]);
  });

  it('may send the contract’s request, which is to be answered as in the baseline', async () => {
    const { cell } = await run({
      scenario: { faults: [broken], setup: [{ send: 'page' }], teardown: [{ send: 'page' }] },
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    expect(cell.reason).to.equal(null);
  });

  it('break nothing themselves', async () => {
    const problems = await problemsOf({
      'system.yaml': SYSTEM,
      'scenario.yaml': {
        ...SCENARIO,
        use: ['./system.yaml'],
        setup: [{ stop: 'stats' }],
        steps: [{ pause: 'stats' }, { get: '/', expect: { status: 200 } }],
        teardown: [{ start: 'stats' }, { stop: 'stat' }],
      },
    });
    expect(problems).to.deep.equal([
      'scenario.yaml:6:5: setup breaks nothing: put this among the steps',
      'scenario.yaml:14:5: teardown breaks nothing: put this among the steps',
      'scenario.yaml:14:11: unknown upstream "stat", did you mean "stats"?',
    ]);
  });
});
