import { expect } from 'chai';
import { BROKEN_BOARD, run } from './run-files.ts';
import { rightService, type Behaviour } from './service.ts';

/** Keeps this process busy, so that it cannot judge what others do. */
function stall(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}

const CELLS = 6;

describe('a stall of this process', () => {
  it('does not fail a cell that holds when it is run again alone', async () => {
    const { cell, events } = await run({
      scenario: BROKEN_BOARD,
      async service(visit) {
        // The first instance learns the baseline; the second is the cell's first try.
        if (visit.instance === 2 && visit.ordinal === 2) stall(1100);
        return rightService(visit);
      },
    });
    expect(cell).to.include({ verdict: 'passed', attempts: 2 });
    expect(cell.reason).to.match(
      /^passed when run again; the first time, this process stood still for \d+ms, and it was /,
    );
    expect(events.filter(({ type }) => type === 'cell:end')).to.have.length(1);
  });

  it('does not fail many cells that hold when they are run again', async () => {
    const service: Behaviour = async (visit) => {
      const { body } = (await rightService(visit)) as { body: unknown };
      const first = visit.instance > 1 && visit.instance <= 1 + CELLS && visit.ordinal === 2;
      if (first) stall(120);
      return { status: first ? 500 : 200, body };
    };
    const matrix = { code: Array.from({ length: CELLS }, (_, i) => 500 + i) };
    const faults = [{ on: 'stats.board', inject: { status: '${code}' } }];
    const { result } = await run({ service, scenario: { matrix, faults } });
    expect(result.counts.passed).to.equal(CELLS);
    for (const { attempts } of result.cells) expect(attempts).to.be.at.least(2);
  });

  it('does not save a cell that fails again, which says so where it stood still again', async () => {
    const service: Behaviour = async (visit) => {
      if (visit.instance > 1 && visit.ordinal === 2) stall(100);
      return {
        status: visit.instance > 1 && visit.ordinal === 2 ? 500 : 200,
        ...((await rightService(visit)) as { body: unknown }),
      };
    };
    const { cell } = await run({ service, scenario: BROKEN_BOARD });
    expect(cell).to.include({ verdict: 'failed', attempts: 2 });
    expect(cell.reason).to.match(
      /^status: expected 200, got 500\nthis process stood still for \d+ms, also when run alone$/,
    );
  });

  it('is not told of a cell that fails when it is run again without one', async () => {
    const { cell } = await run({
      scenario: BROKEN_BOARD,
      async service(visit) {
        const fails = visit.instance > 1 && visit.ordinal === 2;
        if (fails && visit.instance === 2) stall(100);
        const { body } = (await rightService(visit)) as { body: unknown };
        return { status: fails ? 500 : 200, body };
      },
    });
    expect(cell).to.include({ verdict: 'failed', attempts: 2 });
    expect(cell.reason).to.not.include('stood still');
  });

  it('does not spoil the baseline of all cells', async () => {
    const { cell } = await run({
      scenario: BROKEN_BOARD,
      contract: { budget: { baseline: '300ms', degraded: '500ms' } },
      async service(visit) {
        if (visit.instance === 1 && visit.ordinal === 2) stall(400);
        return rightService(visit);
      },
    });
    expect(cell.verdict, cell.reason ?? '').to.equal('passed');
  });
});
