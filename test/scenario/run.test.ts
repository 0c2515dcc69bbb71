import { expect } from 'chai';
import { BrownoutError } from '../../src/common/errors.ts';
import { meaningOf } from '../../src/report/verdicts.ts';
import { BASELINE_RUN } from '../../src/scenario/run/baseline.ts';
import { exitOf, worstOf } from '../../src/scenario/run/exit.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { selectCells } from '../../src/scenario/choose/select.ts';
import { BASICS, BROKEN_BOARD, filesOf, load, run, SCENARIO, SYSTEM } from './run-files.ts';
import { expectForm } from './result-form.ts';
import { openWorld, rightService } from './service.ts';

/** The same, which says that it is still there. */
const unending = <T extends AsyncDisposable>(one: T, why: string): T => ({
  ...one,
  async [Symbol.asyncDispose]() {
    await one[Symbol.asyncDispose]();
    throw new Error(why);
  },
});

describe('a run', () => {
  it('tells its events in their order', async () => {
    const { events, result } = await run({ scenario: BROKEN_BOARD });
    expect(
      events.map((event) => (event.type === 'cell:phase' ? event.phase : event.type)),
    ).to.deep.equal([
      'run:start',
      'cell:start',
      'baseline',
      'fault',
      'recovery',
      'cell:end',
      'run:end',
    ]);
    expect(events.at(-1)).to.deep.equal({ type: 'run:end', result });
    expect(result).to.deep.include({
      version: 1,
      seed: 'seed',
      startedAt: '1970-01-01T00:00:00.000Z',
      counts: {
        passed: 1,
        failed: 0,
        broken: 0,
        inconclusive: 0,
        skipped: 0,
        leftOut: 0,
        flaky: 0,
      },
    });
  });

  it('quotes what a shell would take apart', async () => {
    const { cell } = await run({
      scenario: { ...BROKEN_BOARD, matrix: { x: ["it's; rm"] }, tags: ['${x}'] },
    });
    expect(cell.replay).to.contain(`--id 'lost-board[it'\\''s; rm]' --seed seed`);
  });

  it('of three systems starts each of them', async () => {
    const more = ['chess', 'go'].map((name) => ({
      [`${name}/system.yaml`]: { ...SYSTEM, system: name },
      [`${name}/scenario.yaml`]: {
        ...SCENARIO,
        ...BROKEN_BOARD,
        id: name,
        use: ['./system.yaml', '../contract.yaml'],
      },
    }));
    const { result } = await run({ scenario: BROKEN_BOARD, files: Object.assign({}, ...more) });
    expect(result.cells.map(({ id }) => id)).to.deep.equal(['chess', 'go', 'lost-board']);
    expect(result.counts.passed).to.equal(3);
  });

  it('under another system leaves the others out and counts them', async () => {
    const { result } = await run({
      scenario: { ...BROKEN_BOARD, matrix: { n: [1, 2] }, tags: ['n${n}'] },
      override: 'chess/staging.yaml',
      files: {
        'chess/staging.yaml': { ...SYSTEM, system: 'chess' },
        'chess/system.yaml': { ...SYSTEM, system: 'chess' },
        'chess/scenario.yaml': {
          ...SCENARIO,
          ...BROKEN_BOARD,
          id: 'chess',
          use: ['./system.yaml', '../contract.yaml'],
        },
      },
    });
    expect(result.cells.map(({ id, verdict }) => ({ id, verdict }))).to.deep.equal([
      { id: 'chess', verdict: 'passed' },
    ]);
    expect(result.counts.leftOut).to.equal(2);
    expect(result.cells[0]?.replay).to.match(/ --system \S+chess\/staging\.yaml --id chess /);
  });

  it('that tested nothing is inconclusive', async () => {
    const { result } = await run({
      scenario: BROKEN_BOARD,
      override: 'chess.yaml',
      files: { 'chess.yaml': { ...SYSTEM, system: 'chess' } },
    });
    expect(result).to.include({ verdict: 'inconclusive', exit: 5 });
    expect(result.counts.leftOut).to.equal(1);
  });

  it('keeps its verdicts when it cannot put back what was judged, says what, and is not green', async () => {
    const suite = await load(filesOf(BROKEN_BOARD));
    await using world = await openWorld(rightService);
    const ends: string[] = [];
    const result = await runSuite({
      ...BASICS,
      suite,
      on: ({ type }) => void ends.push(type),
      openSystem: async () => {
        const system = await world.openSystem();
        const start: typeof system.start = async (run, signal) => {
          const instance = await system.start(run, signal);
          return run === BASELINE_RUN ? unending(instance, 'the service does not end') : instance;
        };
        return unending({ ...system, start }, 'the proxy neither');
      },
    });
    expect(ends.filter((type) => type.endsWith(':end'))).to.deep.equal(['cell:end', 'run:end']);
    expectForm(result);
    expect(result).to.deep.include({
      verdict: 'passed',
      exit: 7,
      warnings: [
        'not all could be put back after the cells: the service does not end; the proxy neither',
      ],
    });
    expect(meaningOf(result)).to.include('not all could be put back');
  });
});

describe('exit codes', () => {
  it('are those of the verdicts', () => {
    const verdicts = [
      'passed',
      'failed',
      'broken',
      'inconclusive',
      'skipped',
      'interrupted',
    ] as const;
    expect(verdicts.map(exitOf)).to.deep.equal([0, 1, 4, 5, 5, 130]);
  });

  it('the worst of all cells is that of the run: broken, failed, inconclusive, passed, skipped', () => {
    expect(worstOf(['passed', 'inconclusive', 'failed', 'broken'])).to.equal('broken');
    expect(worstOf(['passed', 'inconclusive', 'failed'])).to.equal('failed');
    expect(worstOf(['passed', 'inconclusive'])).to.equal('inconclusive');
    expect(worstOf(['skipped', 'passed'])).to.equal('passed');
    expect(worstOf(['skipped'])).to.equal('skipped');
    expect(worstOf([])).to.equal('inconclusive');
  });
});

describe('a selection', () => {
  it('takes cells by tag, by a part of id or sentence, and by id', async () => {
    const { cells } = await load({
      ...filesOf({ ...BROKEN_BOARD, tags: ['smoke'] }),
      'b.yaml': { ...SCENARIO, ...BROKEN_BOARD, id: 'b', scenario: 'Another one', tags: ['slow'] },
    });
    const ids = (selection: Parameters<typeof selectCells>[1]) =>
      selectCells(cells, selection).map(({ id }) => id);
    expect(ids({})).to.deep.equal(['b', 'lost-board']);
    expect(ids({ tag: ['smoke', 'x'] })).to.deep.equal(['lost-board']);
    expect(ids({ grep: 'Another' })).to.deep.equal(['b']);
    expect(ids({ grep: 'board' })).to.deep.equal(['lost-board']);
    expect(ids({ id: 'b' })).to.deep.equal(['b']);
  });

  it('of nothing is an error that helps', async () => {
    const { cells } = await load(filesOf({ ...BROKEN_BOARD, tags: ['smoke'] }));
    expect(() => selectCells(cells, { id: 'lost-bored' }))
      .to.throw(BrownoutError, 'no cell has the id "lost-bored", did you mean "lost-board"?')
      .with.property('code', 'nothing_selected');
    expect(() => selectCells(cells, { tag: ['smok'] })).to.throw('the tags are smoke');
    expect(() => selectCells(cells, { grep: 'zzz' })).to.throw('none of the 1 cells is selected');
  });
});
