import { createHash } from 'node:crypto';
import { BrownoutError } from '../../common/errors.ts';
import type { SuiteCell } from '../suite.ts';

/** One part of a run that several machines share: that of `index`, from 1, of `total`. */
export interface Shard {
  readonly index: number;
  readonly total: number;
}

/**
 * The cells of one shard. They are dealt out in the order of their ids' hashes: each cell is in exactly one shard, the same on
 * every machine that chose the same cells, and no shard has two more than another.
 * @throws {BrownoutError} `nothing_selected` where there are fewer cells than shards, and none is left for this one
 */
export function cellsOfShard(cells: readonly SuiteCell[], { index, total }: Shard): SuiteCell[] {
  const hashes = new Map(cells.map((cell) => [cell, hashOf(cell.id)]));
  const order = [...hashes].sort(([, a], [, b]) => (a < b ? -1 : 1)).map(([cell]) => cell);
  const mine = new Set(order.filter((_, i) => i % total === index - 1));
  if (mine.size > 0) return cells.filter((cell) => mine.has(cell));
  const most = cells.length === 1 ? '1 cell is' : `${cells.length} cells are`;
  throw new BrownoutError(
    'nothing_selected',
    `shard ${index}/${total} has nothing to test: only ${most} selected, so ask for at most ${cells.length} shards`,
  );
}

function hashOf(id: string): string {
  return createHash('sha256').update(id).digest('hex');
}
