import { expect } from 'chai';
import { BROKEN_BOARD, CONTRACT, run } from './run-files.ts';
import { rightService, type Behaviour } from './service.ts';

const FAULTS = BROKEN_BOARD;

describe('a cell that takes too long', () => {
  it('is failed, by the step that it was at, and what it set up is put back', async () => {
    const seen: string[] = [];
    const { cell, result } = await run({
      scenario: {
        ...FAULTS,
        steps: [{ send: 'page' }, { wait: '5m' }],
        teardown: [{ get: '/undo', expect: { status: 200 } }],
      },
      policy: { timeout: 300 },
      service(visit) {
        seen.push(visit.path);
        return rightService(visit);
      },
    });
    expect(cell).to.include({
      verdict: 'failed',
      reason: 'not done within 300ms: it was at step 2',
    });
    expect(cell.failures).to.have.length(1);
    expect(cell.failures[0]).to.include({ pointer: 'time', got: 'still at step 2' });
    expect(cell.failures[0]?.at).to.match(/scenario\.yaml:\d+:\d+$/);
    expect(cell.exchanges.map(({ call }) => call)).to.include('board');
    expect(cell.curl).to.include('/page');
    expect(seen.at(-1)).to.equal('/undo');
    expect(result.exit).to.equal(1);
  });

  it('has the time that its scenario says, whatever the run does', async () => {
    const { cell } = await run({
      scenario: { ...FAULTS, steps: [{ send: 'page' }, { wait: '350ms' }] },
      choose: (suite) => ({
        ...suite,
        cells: suite.cells.map((cell) => ({ ...cell, timeout: 60_000 })),
      }),
      policy: { timeout: 300 },
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });

  it('is broken where it never came to its faults', async () => {
    const { cell } = await run({
      scenario: { ...FAULTS, setup: [{ wait: '5m' }] },
      policy: { timeout: 200 },
    });
    expect(cell).to.include({
      verdict: 'broken',
      reason: 'not done within 200ms: it was at step 1 of the setup',
    });
  });

  it('is given up while it recovers', async () => {
    const sick: Behaviour = async (visit) => {
      const { body } = (await rightService(visit)) as { body: unknown };
      return { status: visit.instance > 1 && visit.ordinal > 2 ? 500 : 200, body };
    };
    const { cell } = await run({
      scenario: { ...FAULTS, recovery: { within: '1h' } },
      policy: { timeout: 300 },
      service: sick,
    });
    expect(cell).to.include({
      verdict: 'failed',
      reason: 'not done within 300ms: it was at the recovery',
    });
  });

  it('does not wait for a baseline that others learn too', async () => {
    let told = () => {};
    const over = new Promise<void>((resolve) => (told = resolve));
    const { cell } = await run({
      scenario: FAULTS,
      contract: { ...CONTRACT, budget: { baseline: '30s', degraded: '30s' } },
      policy: { timeout: 200 },
      async service(visit) {
        if (visit.instance === 1) await over;
        return rightService(visit);
      },
      on: ({ type }) => void (type === 'cell:end' && told()),
    });
    expect(cell).to.include({
      verdict: 'broken',
      reason: 'not done within 200ms: it was at the baseline',
    });
  });

  it('is what no timer is left for where it does not', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((what) => what === 'Timeout');
    const twenty = Array.from({ length: 20 }, (_, i) => i);
    const scenario = { ...FAULTS, matrix: { n: twenty }, tags: ['n${n}'] };
    await run({ scenario, policy: { timeout: 3_600_000 } });
    // That of this test, and of connections that are kept for a moment.
    expect(timers().length).to.be.at.most(5);
  });
});
