import { expect } from 'chai';
import { meaningOf } from '../../src/report/verdicts.ts';
import type { Suite } from '../../src/scenario/suite.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { BASICS, BROKEN_BOARD, filesOf, load, run } from './run-files.ts';
import { verdicts } from './run-on.ts';
import { openWorld, rightPage, rightService, twisted, type Behaviour } from './service.ts';

const TWO = { ...BROKEN_BOARD, matrix: { n: [1, 2] }, tags: ['n${n}'] };
const MANY = { ...TWO, matrix: { n: Array.from({ length: 30 }, (_, i) => i) } };
const forgetsTheFlag = twisted((page) => ({ ...page, board: { ...page.board, error: false } }));

function skipping(why: string, wanted: (id: string) => boolean) {
  return (suite: Suite): Suite => ({
    ...suite,
    cells: suite.cells.map((cell) => (wanted(cell.id) ? { ...cell, skip: why } : cell)),
  });
}

describe('a cell that is skipped', () => {
  it('is told with its reason, and nothing is started for it', async () => {
    const { result, events } = await run({
      scenario: TWO,
      choose: skipping('the board is on holiday', (id) => id === 'lost-board[1]'),
    });
    expect(verdicts(result)).to.deep.equal({
      'lost-board[1]': 'skipped',
      'lost-board[2]': 'passed',
    });
    expect(result.cells[0]).to.include({ reason: 'the board is on holiday', attempts: 0 });
    expect(result.counts).to.include({ skipped: 1, passed: 1 });
    expect(result).to.include({ verdict: 'passed', exit: 0 });
    const started = events.flatMap((event) => (event.type === 'cell:start' ? [event.id] : []));
    expect(started).to.deep.equal(['lost-board[2]']);
  });

  it('makes no run green that skips all', async () => {
    const visits: string[] = [];
    const { result } = await run({
      scenario: TWO,
      choose: skipping('not now', () => true),
      service(visit) {
        visits.push(visit.path);
        return rightService(visit);
      },
    });
    expect(result).to.include({ verdict: 'skipped', exit: 5 });
    expect(visits).to.deep.equal([]);
  });
});

describe('a run that bails', () => {
  it('begins no cell after so many did not pass, and says how many it did not run', async () => {
    const { result, events } = await run({
      scenario: MANY,
      service: forgetsTheFlag,
      policy: { bail: 2 },
    });
    const count = result.cells.length;
    expect(count).to.be.within(2, 29);
    expect(result).to.include({ verdict: 'failed', exit: 1 });
    expect(result.warnings).to.deep.equal([`${30 - count} not run, for 2 did not pass (--bail)`]);
    expect(events.filter(({ type }) => type === 'cell:start')).to.have.length(count);
  });

  it('runs all where they pass', async () => {
    const { result } = await run({ scenario: TWO, policy: { bail: 1 } });
    expect(result.counts.passed).to.equal(2);
    expect(result).to.not.have.property('warnings');
  });

  it('takes no cell that is skipped for one that did not pass', async () => {
    const { result } = await run({
      scenario: TWO,
      policy: { bail: 1 },
      choose: skipping('not now', (id) => id === 'lost-board[1]'),
    });
    expect(result.counts).to.include({ skipped: 1, passed: 1 });
  });

  it('counts a cell once all its tries are over', async () => {
    const wrongAtFirst: Behaviour = async (visit) => ({
      status: visit.instance > 1 && visit.instance < 4 && visit.ordinal === 2 ? 500 : 200,
      body: await rightPage(visit),
    });
    const { result } = await run({
      scenario: TWO,
      service: wrongAtFirst,
      policy: { bail: 1, retries: 2 },
    });
    expect(result.counts).to.include({ passed: 2, failed: 0 });
  });
});

describe('a run whose reporter fails', () => {
  it('ends what is under way before it ends itself, and begins no other cell', async () => {
    const suite = await load(filesOf({ ...MANY }));
    await using world = await openWorld(rightService);
    const running = runSuite({
      ...BASICS,
      suite,
      openSystem: () => world.openSystem(),
      on(event) {
        if (event.type === 'cell:end') throw new Error('there is no paper');
      },
    });
    expect(await running.catch((error: Error) => error.message)).to.equal('there is no paper');
    expect(await world.left()).to.deep.equal({ instances: 0, listeners: 0, rules: 0 });
    expect(world.started).to.be.below(30);
  });
});

describe('a run without faults', () => {
  const noFaults = { policy: { noFaults: true } };

  it('judges each baseline once, breaks nothing, and says so', async () => {
    const asked: number[] = [];
    const { result } = await run({
      ...noFaults,
      scenario: MANY,
      service(visit) {
        asked.push(visit.instance);
        return rightService(visit);
      },
    });
    expect(result).to.include({ verdict: 'passed', exit: 0 });
    expect(result.counts.passed).to.equal(30);
    expect(result.noFaults).to.equal(true);
    expect(meaningOf(result)).to.match(/^every baseline held\. Nothing was broken/);
    expect(result.cells[0]?.replay).to.match(/ --seed seed --no-faults$/);
    expect(asked).to.deep.equal([1, 1, 1, 1]);
  });

  it('is broken where a baseline is, and inconclusive where it changes', async () => {
    const sick = await run({
      ...noFaults,
      scenario: TWO,
      service: async () => ({ status: 500, body: {} }),
    });
    expect(sick.result).to.include({ verdict: 'broken', exit: 4 });
    expect(sick.cell.failures[0]).to.include({ pointer: 'status', got: 500 });
    let n = 0;
    const changing = twisted((page) => ({ ...page, n: n++ }));
    const { result } = await run({ ...noFaults, scenario: TWO, service: changing });
    expect(result).to.include({ verdict: 'inconclusive', exit: 5 });
  });

  it('begins no other where it is to bail', async () => {
    const { result } = await run({
      scenario: TWO,
      policy: { noFaults: true, bail: 1 },
      service: async () => ({ status: 500, body: {} }),
    });
    expect(result.cells).to.have.length(1);
    expect(result.warnings).to.deep.equal(['1 not run, for 1 did not pass (--bail)']);
  });

  it('skips what has no contract, and is not green where nothing has one', async () => {
    const { result, cell } = await run({
      ...noFaults,
      scenario: {
        use: ['./system.yaml'],
        faults: BROKEN_BOARD.faults,
        steps: [{ get: '/page', expect: { status: 200 } }],
      },
    });
    expect(cell).to.include({
      verdict: 'skipped',
      reason: 'it uses no contract, so there is no baseline to judge',
    });
    expect(result.exit).to.equal(5);
  });
});
