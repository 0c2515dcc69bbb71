import { expect } from 'chai';
import { BROKEN_BOARD, run } from './run-files.ts';
import { rightService, type Behaviour } from './service.ts';

/** Wrong under the fault on the first instances of a cell; the very first instance learns the baseline. */
function wrongAtFirst(times: number, status = 500): Behaviour {
  return async (visit) => {
    const { body } = (await rightService(visit)) as { body: unknown };
    const wrong = visit.instance > 1 && visit.instance <= 1 + times && visit.ordinal === 2;
    return { status: wrong ? status : 200, body };
  };
}

/** Wrong before any fault. */
const sickAtFirst: Behaviour = async (visit) => {
  const { body } = (await rightService(visit)) as { body: unknown };
  return { status: visit.instance === 2 ? 500 : 200, body };
};

describe('a cell that is tried again', () => {
  it('and passes is flaky: it is shown, with what came before, and the run is green', async () => {
    const { cell, result, events } = await run({
      scenario: BROKEN_BOARD,
      service: wrongAtFirst(2),
      policy: { retries: 2 },
    });
    expect(cell).to.include({ verdict: 'passed', flaky: true, attempts: 3 });
    expect(cell.reason).to.equal(
      'flaky: passed at try 3; the first was failed (status: expected 200, got 500)',
    );
    expect(cell.earlier?.map(({ verdict, failures }) => [verdict, failures[0]?.got])).to.deep.equal(
      [
        ['failed', 500],
        ['failed', 500],
      ],
    );
    expect(cell.failures).to.deep.equal([]);
    expect(result).to.include({ verdict: 'passed', exit: 0 });
    expect(result.counts).to.include({ passed: 1, flaky: 1, failed: 0 });
    expect(events.filter(({ type }) => type === 'cell:start')).to.have.length(1);
    expect(events.filter(({ type }) => type === 'cell:end')).to.have.length(1);
  });

  it('fails the run where flaky cells shall', async () => {
    const { result } = await run({
      scenario: BROKEN_BOARD,
      service: wrongAtFirst(1),
      policy: { retries: 1, failOnFlaky: true },
    });
    expect(result).to.include({ verdict: 'failed', exit: 1 });
    expect(result.counts).to.include({ passed: 1, flaky: 1 });
    expect(result.warnings).to.deep.equal([
      '1 passed only when tried again, which fails this run (--fail-on-flaky)',
    ]);
  });

  it('is what it was at last where no try passes, and not flaky', async () => {
    const { cell, result } = await run({
      scenario: BROKEN_BOARD,
      service: wrongAtFirst(9, 404),
      policy: { retries: 1, failOnFlaky: true },
    });
    expect(cell).to.include({ verdict: 'failed', attempts: 2 }).and.not.have.property('flaky');
    expect(cell.earlier).to.have.length(1);
    expect(result.counts).to.include({ failed: 1, flaky: 0 });
    expect(result).to.not.have.property('warnings');
  });

  it('may have been broken, or inconclusive', async () => {
    const broken = await run({
      scenario: BROKEN_BOARD,
      service: sickAtFirst,
      policy: { retries: 1 },
    });
    expect(broken.cell).to.include({ verdict: 'passed', flaky: true });
    expect(broken.cell.earlier?.[0]).to.include({ verdict: 'broken' });
    const never = [{ on: 'stats.other', inject: { status: 503 } }];
    const { cell } = await run({
      scenario: { faults: never, expect: { degraded: 'none' } },
      policy: { retries: 1 },
    });
    expect(cell).to.include({ verdict: 'inconclusive', attempts: 2 });
  });

  it('is tried once where nobody asked for more, or where it passed', async () => {
    const failed = await run({ scenario: BROKEN_BOARD, service: wrongAtFirst(1) });
    expect(failed.cell)
      .to.include({ verdict: 'failed', attempts: 1 })
      .and.not.have.property('earlier');
    const passed = await run({ scenario: BROKEN_BOARD, policy: { retries: 3 } });
    expect(passed.cell).to.include({ verdict: 'passed', attempts: 1 });
  });

  it('is not flaky for a try in which this process stood still', async () => {
    const { cell, result } = await run({
      scenario: BROKEN_BOARD,
      policy: { retries: 1, failOnFlaky: true },
      async service(visit) {
        if (visit.instance === 2 && visit.ordinal === 2) stall(1100);
        return rightService(visit);
      },
    });
    expect(cell).to.include({ verdict: 'passed', attempts: 2 }).and.not.have.property('flaky');
    expect(cell.reason).to.match(
      /^passed when run again; the first time, this process stood still/,
    );
    expect(result.exit).to.equal(0);
  });
});

function stall(ms: number): void {
  const end = performance.now() + ms;
  while (performance.now() < end);
}
