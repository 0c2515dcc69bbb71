import { expect } from 'chai';
import type { Verdict } from '../../../src/scenario/result.ts';
import { run } from '../run-files.ts';
import { FAILED } from './failed.ts';
import { BROKEN, INCONCLUSIVE } from './not-judged.ts';
import { PASSED } from './passed.ts';
import type { Row } from './rows.ts';

const EXITS = { passed: 0, failed: 1, broken: 4, inconclusive: 5, interrupted: 130 };

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
});
