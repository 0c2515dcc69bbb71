import { expect } from 'chai';
import { worstOf } from '../../../src/scenario/run/exit.ts';
import type { Verdict } from '../../../src/scenario/result.ts';
import { BROKEN_BOARD, run } from '../run-files.ts';
import { FAILED } from './failed.ts';
import { BROKEN, INCONCLUSIVE } from './not-judged.ts';
import { PASSED } from './passed.ts';
import type { Row } from './rows.ts';

const EXITS = { passed: 0, failed: 1, broken: 4, inconclusive: 5, interrupted: 130 };

/** The worst first. */
const WORST: Readonly<Record<string, readonly Verdict[]>> = {
  broken: ['passed', 'failed', 'broken', 'inconclusive', 'skipped'],
  failed: ['passed', 'inconclusive', 'failed', 'skipped'],
  inconclusive: ['skipped', 'passed', 'inconclusive'],
  passed: ['skipped', 'passed'],
};

describe('the verdict', () => {
  const tables: [Verdict, Record<string, Row>][] = [
    ['passed', PASSED],
    ['failed', FAILED],
    ['broken', BROKEN],
    ['inconclusive', INCONCLUSIVE],
  ];
  for (const [verdict, rows] of tables) {
    for (const [why, [service, scenario, reason, more]] of Object.entries(rows)) {
      it(`is ${verdict} where ${why}`, async () => {
        const { cell, result } = await run({ ...more, service, scenario });
        if (reason instanceof RegExp) expect(cell.reason).to.match(reason);
        else expect(cell.reason).to.equal(reason);
        expect(cell.verdict).to.equal(verdict);
        expect(result).to.include({ verdict, exit: EXITS[verdict as keyof typeof EXITS] });
      });
    }
  }

  it('is skipped where a scenario says so, and a run that skipped all has tested nothing', async () => {
    const scenario = { ...BROKEN_BOARD, skip: 'the board moves next week' };
    const { cell, result } = await run({ scenario });
    expect(cell).to.include({ verdict: 'skipped', reason: 'the board moves next week' });
    expect(result).to.include({ verdict: 'skipped', exit: 5 });
    const matrix = { n: [1, 2] };
    const some = [{ cells: { n: 1 }, reason: 'not on this machine' }];
    const faults = [{ on: 'stats.board', inject: { latency: '${n}ms' } }];
    const partly = await run({
      scenario: { matrix, faults, skip: some, expect: { degraded: 'none' } },
    });
    expect(partly.result.cells.map(({ verdict }) => verdict)).to.deep.equal(['skipped', 'passed']);
    expect(partly.result).to.include({ verdict: 'passed', exit: 0 });
  });

  it('of a run is interrupted where somebody ends it, whatever its cells were', async () => {
    const stop = new AbortController();
    const { result } = await run({
      signal: stop.signal,
      scenario: { ...BROKEN_BOARD, steps: [{ wait: '30s' }, { send: 'page' }] },
      on: ({ type }) => type === 'cell:phase' && stop.abort(),
    });
    expect(result).to.include({ verdict: 'interrupted', exit: 130 });
  });

  for (const [verdict, verdicts] of Object.entries(WORST)) {
    it(`of a run is ${verdict} where its cells are ${verdicts.join(', ') || 'none'}`, () => {
      expect(worstOf(verdicts)).to.equal(verdict);
    });
  }
});
