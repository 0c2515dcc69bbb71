import type { Result, Verdict } from '../scenario/result.ts';

/** How a verdict is drawn where there is no colour. */
export const MARKS: Readonly<Record<Verdict, string>> = {
  passed: '✓',
  failed: '✗',
  broken: '!',
  inconclusive: '?',
  skipped: '-',
};

/** How a cell is drawn that passed only when it was tried again. */
export const FLAKY_MARK = '~';

/** Verdicts in the order in which people read of them: what has to be mended first comes first. */
export const NOT_PASSED = ['broken', 'failed', 'inconclusive'] as const satisfies Verdict[];

/** What came of a run and what to do next, as a sentence. */
export function meaningOf({ verdict, cells, counts, noFaults, exit }: Result): string {
  if (verdict === 'passed' && exit !== 0) return NOT_PUT_BACK;
  if (cells.length > 0 && verdict === 'passed' && noFaults) return ALL_WELL;
  if (verdict === 'failed' && counts.failed === 0 && counts.flaky > 0) return FLAKY_MEANING;
  if (cells.length > 0) return MEANINGS[verdict];
  if (verdict === 'interrupted')
    return 'nothing was tested: the run was stopped before any cell had ended.';
  return counts.leftOut > 0
    ? 'nothing was tested: every scenario found belongs to another system. Name theirs with --system, or the scenarios of this one.'
    : 'nothing was tested: no cell was chosen. Look at the paths, and at --tag, --grep and --id.';
}

const FLAKY_MEANING =
  'every cell passed, but not each at its first try, which --fail-on-flaky counts as failed.';
const MEANINGS: Readonly<Record<Result['verdict'], string>> = {
  passed: 'everything that was expected held, and every planned fault fired.',
  failed:
    'something that was expected did not hold under a fault, or did not come back after it. Run one cell alone with the line "again" above.',
  broken:
    'the service did not start, or its baseline did not hold before any fault, so nothing is proved about faults. Mend that first.',
  inconclusive:
    'a planned fault never fired, or there was nothing firm to compare with, so nothing is proved either way. The calls above are what the service really asked; compare them with what the faults name.',
  skipped: 'nothing was tested: every scenario that was chosen is skipped.',
  interrupted: 'stopped before its end, so the cells that did not run are unknown.',
};
const NOT_PUT_BACK =
  'everything that was expected held, but not all could be put back: end what the warning names before the next run.';
const ALL_WELL =
  'every baseline held. Nothing was broken (--no-faults), so nothing is proved about faults.';
