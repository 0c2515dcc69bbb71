import type { CellResult } from '../result.ts';

/** Counts cells that are not passed, and says when no other is to be begun. */
export interface Bail {
  count(result: CellResult): void;
  readonly stopped: boolean;
}

/** Never stops without a number. */
export function createBail(after = Infinity): Bail {
  let found = 0;
  return {
    count({ verdict }) {
      if (verdict !== 'passed' && verdict !== 'skipped') found++;
    },
    get stopped() {
      return found >= after;
    },
  };
}
