import { expect } from 'chai';
import { runSuite } from '../../src/scenario/run/run.ts';
import { BASICS, BROKEN_BOARD, CONTRACT, filesOf, load, run, SCENARIO } from './run-files.ts';
import { openWorld, rightPage, rightService, twisted, type Behaviour } from './service.ts';

describe('a baseline', () => {
  const broken: Record<string, [Behaviour, string]> = {
    'answers 500': [async (visit) => ({ status: 500, body: await rightPage(visit) }), 'status'],
    'has a flag raised': [
      twisted((page) => ({ ...page, board: { data: [], error: true } })),
      '/board/error',
    ],
    'has no flag': [twisted((page) => ({ ...page, board: { data: [] } })), '/board/error'],
    'has a leak': [twisted((page) => ({ ...page, at: 'node_modules/x' })), 'body'],
    'never answers': [async () => 'never', 'status'],
    'is no JSON': [async () => ({ body: 'hello' }), 'body'],
  };
  for (const [what, [service, pointer]] of Object.entries(broken)) {
    it(`is broken when it ${what}`, async () => {
      const { cell, result } = await run({
        service,
        contract: { never: ['node_modules'] },
        scenario: BROKEN_BOARD,
      });
      expect(cell.verdict).to.equal('broken');
      expect(cell.reason).to.match(/^the baseline did not hold before any fault(\n|$)/);
      expect(cell.failures.map((failure) => failure.pointer)).to.deep.equal([pointer]);
      expect(result).to.include({ verdict: 'broken', exit: 4 });
    });
  }

  it('says which call was never made for what is not well', async () => {
    const service: Behaviour = async () => ({
      body: {
        board: { data: [], error: true },
        player: { data: { a: 1 }, error: false },
        degraded: false,
      },
    });
    const { cell } = await run({ service, scenario: BROKEN_BOARD });
    expect(cell.reason).to.equal(
      'the baseline did not hold before any fault\nthe service made no call stats.board: does it ask ${upstream.stats.url}, and does the path under calls fit?',
    );
  });

  it('says what stands where a pointer leads nowhere, at whatever depth', async () => {
    const board = { part: '/bored', data: '/bored/rows/0', empty: [], flag: '/board/error' };
    const { cell } = await run({
      contract: { calls: { board }, overall: undefined },
      scenario: BROKEN_BOARD,
    });
    expect(cell.reason).to.equal(
      'the baseline did not hold before any fault\nthe answer has no /bored/rows/0; there is: title, board, player, degraded',
    );
  });

  it('is broken when it is over its budget', async () => {
    const { cell } = await run({
      contract: { budget: { baseline: '20ms', degraded: '500ms' } },
      scenario: BROKEN_BOARD,
      async service(visit) {
        await new Promise((resolve) => setTimeout(resolve, 40));
        return rightService(visit);
      },
    });
    expect(cell.verdict).to.equal('broken');
    expect(cell.failures[0]).to.deep.include({ pointer: 'time', expected: 'at most 20ms' });
  });

  it('may be late once, when its instance has just started', async () => {
    const { cell } = await run({
      contract: { budget: { baseline: '100ms', degraded: '500ms' } },
      scenario: BROKEN_BOARD,
      async service(visit) {
        if (visit.ordinal === 1) await new Promise((resolve) => setTimeout(resolve, 150));
        return rightService(visit);
      },
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });

  it('is inconclusive when it changes, and names the pointers', async () => {
    const service = twisted((page, { ordinal }) => ({ ...page, 'a/b': ordinal, c: [ordinal] }));
    const { cell, result } = await run({ service, scenario: BROKEN_BOARD });
    expect(cell.verdict).to.equal('inconclusive');
    expect(cell.reason).to.contain('name /a~1b, /c/0 under volatile');
    expect(result.exit).to.equal(5);
  });

  it('is broken when one instance answers otherwise than another', async () => {
    const service = twisted((page, { instance }) => ({ ...page, title: `No. ${instance}` }));
    const { cell } = await run({ service, scenario: BROKEN_BOARD });
    expect(cell.verdict).to.equal('broken');
    expect(cell.failures[0]).to.deep.include({
      pointer: '/title',
      expected: 'No. 1',
      got: 'No. 2',
    });
  });

  it('is learnt once for all cells', async () => {
    let onFirst = 0;
    const { result } = await run({
      scenario: { ...BROKEN_BOARD, matrix: { n: [1, 2, 3, 4, 5] }, tags: ['n${n}'] },
      service(visit) {
        if (visit.instance === 1) onFirst++;
        return rightService(visit);
      },
    });
    expect(result.counts.passed).to.equal(5);
    expect(onFirst).to.equal(4);
  });

  it('belongs to its contract, not to the contract’s name', async () => {
    const { result } = await run({
      scenario: BROKEN_BOARD,
      service: twisted((page, { path }) => ({ ...page, title: path })),
      files: {
        'other/contract.yaml': { ...CONTRACT, request: { get: '/other-page' } },
        'other/scenario.yaml': {
          ...SCENARIO,
          ...BROKEN_BOARD,
          id: 'other',
          use: ['../system.yaml', './contract.yaml'],
        },
      },
    });
    expect(result.counts.passed).to.equal(2);
  });

  it('is learnt under a name that no cell has', async () => {
    const suite = await load(filesOf({ ...BROKEN_BOARD, id: 'baseline' }));
    await using world = await openWorld(rightService);
    const system = await world.openSystem();
    const runs: (string | undefined)[] = [];
    const start: typeof system.start = (run, signal) => {
      runs.push(run);
      return system.start(run, signal);
    };
    const openSystem = () => Promise.resolve({ ...system, start });
    const { verdict } = await runSuite({ ...BASICS, suite, openSystem });
    expect(verdict).to.equal('passed');
    expect(runs).to.have.length(2);
    expect(new Set(runs).size).to.equal(2);
  });
});
