import { expect } from 'chai';
import { gotOf } from './judged.ts';
import { run, type RunOptions } from './run-files.ts';
import { rightPage, rightService, type Behaviour } from './service.ts';

const steps = (options: Omit<RunOptions, 'scenario'> & { steps: object[]; faults?: object[] }) =>
  run({ ...options, scenario: { steps: options.steps, faults: options.faults ?? [slow] } });

const board503 = { on: 'stats.board', inject: { status: 503 } };
const slow = { on: 'stats.board', inject: { latency: '1ms' } };
const both = { degraded: ['board', 'player'] };

describe('steps', () => {
  it('send judges by the contract, exact unless it says otherwise', async () => {
    const { cell } = await steps({ faults: [board503], steps: [{ send: 'page', repeat: 2 }] });
    expect(cell.verdict).to.equal('passed');
    expect(cell.exchanges).to.have.length(4);
    const other = await steps({
      faults: [board503],
      steps: [{ send: 'page', expect: { status: 200, degraded: 'none' } }],
    });
    expect(other.cell.verdict).to.equal('failed');
  });

  it('repeat stops at the first answer that is wrong', async () => {
    let sent = 0;
    const service: Behaviour = async (visit) => {
      if (visit.path !== '/list') return rightService(visit);
      return { status: ++sent === 3 ? 500 : 200, body: [] };
    };
    const { cell } = await steps({
      service,
      steps: [{ get: '/list', repeat: 10, expect: { status: 200 } }],
    });
    expect(sent).to.equal(3);
    expect(gotOf(cell)).to.deep.equal([{ pointer: 'status', expected: 200, got: 500 }]);
    expect(cell.failures[0]?.at).to.match(/scenario\.yaml:10:7$/);
  });

  it('a request is sent as it is written', async () => {
    const seen: object[] = [];
    const { cell } = await steps({
      async service(visit) {
        if (visit.path === '/page') return rightService(visit);
        const { method, path, body, headers } = visit;
        await visit.call('/board');
        seen.push({ method, path, body, type: headers['content-type'], x: headers['x-a'] });
        return { status: 201, body: '', headers: { 'X-Answer': 'yes' } };
      },
      steps: [
        {
          post: '/games?new=1',
          headers: { 'X-A': 'b' },
          json: { name: 'go' },
          expect: {
            status: 201,
            headers: { 'X-Answer': { contains: 'y' }, gone: { absent: true } },
          },
        },
      ],
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    expect(seen).to.deep.equal([
      {
        method: 'POST',
        path: '/games?new=1',
        body: '{"name":"go"}',
        type: 'application/json',
        x: 'b',
      },
    ]);
    expect(cell.curl).to.equal(
      `curl -i -X POST -H 'content-type: application/json' -H 'X-A: b' -d '{"name":"go"}' "$SERVICE"'/games?new=1'`,
    );
  });

  for (const [down, up] of [
    ['stop', 'start'],
    ['pause', 'resume'],
  ] as const) {
    it(`${down} breaks an upstream and ${up} mends it`, async () => {
      const { cell } = await steps({
        steps: [
          { send: 'page', expect: { degraded: 'none' } },
          { [down]: 'stats' },
          { send: 'page', expect: both },
          { [up]: 'stats' },
          { send: 'page', expect: { degraded: 'none' } },
        ],
      });
      expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    });

    it(`${down} without a request under it is inconclusive`, async () => {
      const { cell } = await steps({
        faults: [],
        steps: [{ send: 'page' }, { [down]: 'stats' }, { [up]: 'stats' }, { send: 'page' }],
      });
      expect(cell.verdict).to.equal('inconclusive');
    });
  }

  it('clear lifts all faults, of which each must have fired before', async () => {
    const after = [{ clear: 'all' }, { send: 'page' }];
    const fired = await steps({ faults: [board503], steps: [{ send: 'page' }, ...after] });
    expect(fired.cell.verdict, fired.cell.reason ?? '').to.equal('passed');
    const unfired = await steps({ faults: [board503], steps: after });
    expect(unfired.cell.verdict).to.equal('inconclusive');
  });

  it('after clear the answer must be whole', async () => {
    const broken = new Map<number, number>();
    const service: Behaviour = async (visit) => {
      const page = await rightPage(visit);
      const left = broken.get(visit.instance) ?? 0;
      if (page.board.error === true) broken.set(visit.instance, 1);
      else if (left > 0) {
        broken.set(visit.instance, left - 1);
        return { body: { ...page, board: { data: [], error: true }, degraded: true } };
      }
      return { body: page };
    };
    const { cell } = await steps({
      service,
      faults: [board503],
      steps: [{ send: 'page' }, { clear: 'all' }, { send: 'page' }],
    });
    expect(cell.failures.map(({ pointer }) => pointer)).to.include('/board/error');
  });

  it('wait waits', async () => {
    const { cell } = await steps({
      steps: [{ wait: '80ms' }, { send: 'page', expect: { degraded: 'none' } }],
    });
    expect(cell.durationMs).to.be.at.least(80);
  });

  it('trigger first: 1 is mended by a retry, and counted', async () => {
    const service: Behaviour = async (visit) => ({
      body: await rightPage({ call: (path) => visit.call(path).catch(() => visit.call(path)) }),
    });
    const retried = { count: 2, faulted: 1 };
    const options = (upstream: object) => ({
      service,
      faults: [{ ...board503, trigger: { first: 1 } }],
      steps: [{ send: 'page', expect: { degraded: 'none', upstream } }],
    });
    const { cell } = await steps(options({ board: retried, player: { count: 1, faulted: 0 } }));
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
    const wrong = await steps(options({ board: { count: { max: 1 }, faulted: { min: 2 } } }));
    expect(gotOf(wrong.cell)).to.deep.equal([
      { pointer: 'calls of board', expected: { max: 1 }, got: 2 },
      { pointer: 'faulted calls of board', expected: { min: 2 }, got: 1 },
    ]);
  });

  it('a request without any answer fails, whatever is expected of it', async () => {
    const service: Behaviour = async (visit) => {
      const headers = { connection: 'upgrade', upgrade: 'x' };
      if (visit.path === '/gone') return { status: 101, headers, body: '' };
      return rightService(visit);
    };
    for (const expected of [{ within: '1s' }, { headers: { x: { absent: true } } }, {}]) {
      const all = [{ post: '/gone', expect: expected }, { send: 'page' }];
      const { cell } = await steps({ service, steps: all });
      expect(cell.verdict).to.equal('failed');
      expect(cell.failures[0]).to.include({ pointer: 'status', expected: 'an answer' });
    }
  });

  it('within is judged by the clock', async () => {
    const { cell } = await steps({
      async service(visit) {
        if (visit.path === '/slow') await new Promise((resolve) => setTimeout(resolve, 60));
        return rightService(visit);
      },
      steps: [{ get: '/slow', expect: { within: '30ms' } }],
    });
    expect(cell.failures[0]).to.include({ pointer: 'time', expected: 'at most 30ms' });
  });

  it('a request may take longer than the contract’s budget when it says so', async () => {
    const { cell } = await steps({
      async service(visit) {
        if (visit.path === '/slow') await new Promise((resolve) => setTimeout(resolve, 1200));
        if (visit.path === '/slow') await visit.call('/board');
        return rightService(visit);
      },
      steps: [{ get: '/slow', expect: { within: '5s' } }],
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });

  it('without a contract there is no baseline and nothing to recover', async () => {
    const { cell } = await run({
      service: async (visit) => ({
        body: await visit.call('/board').catch(() => []),
      }),
      scenario: {
        use: ['./system.yaml'],
        faults: [board503],
        steps: [{ get: '/list', expect: { body: { '': [] } } }],
      },
    });
    expect(cell).to.include({ verdict: 'passed', recoveryMs: null });
  });

  it('many more cells than slots wait at the same time', async () => {
    const { result } = await run({
      scenario: {
        matrix: { n: Array.from({ length: 30 }, (_, i) => i) },
        tags: ['n${n}'],
        faults: [slow],
        steps: [{ wait: '500ms' }, { send: 'page', expect: { degraded: 'none' } }],
      },
    });
    const others = result.cells.filter(({ verdict }) => verdict !== 'passed');
    expect(others.map(({ reason }) => reason)).to.deep.equal([]);
    expect(result.counts.passed).to.equal(30);
    // One after another they would take 15 s, by eights 2 s.
    expect(result.durationMs).to.be.below(15_000);
  });
});
