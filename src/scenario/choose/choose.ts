import { cellsOfLastRun, type LastRun } from './last-run.ts';
import { onlyThose, refuseOnly } from './only.ts';
import { repeatEach, withRepeated } from './repeat.ts';
import { idsOf, selectCells, unknownTags, type Selection } from './select.ts';
import { cellsOfShard, type Shard } from './shard.ts';
import type { Suite } from '../suite.ts';

/** Which of the cells that were loaded are run, and how often. */
export interface Choosing extends Selection {
  /** Each cell so many times. */
  readonly repeatEach?: number;
  readonly shard?: Shard;
  /** Only what did not pass in it. */
  readonly lastRun?: LastRun;
  /** `only` is refused. */
  readonly ci?: boolean;
}

/**
 * @throws {BrownoutError} `nothing_selected` when there are cells, and none is left
 * @throws {FileError} at an `only` that is refused
 */
export function chooseCells(loaded: Suite, choosing: Choosing): Suite {
  const { repeatEach: times = 1, shard, lastRun, ci } = choosing;
  if (ci) refuseOnly(loaded.cells);
  const all = withRepeated(loaded.cells, idsOf(choosing.id));
  const only = onlyThose(selectCells(all, choosing));
  const repeated = repeatEach(only.cells, times);
  // Before what failed is taken: a cell stays in its shard when all of them are run again.
  const mine = shard && repeated.length > 0 ? cellsOfShard(repeated, shard) : repeated;
  const cells = lastRun ? cellsOfLastRun(mine, lastRun) : mine;
  const warnings = [...unknownTags(loaded.cells, choosing), ...only.warnings];
  return {
    ...loaded,
    cells,
    ...(shard ? { shard } : {}),
    ...(warnings.length > 0 ? { warnings } : {}),
  };
}
