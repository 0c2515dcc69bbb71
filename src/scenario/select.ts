import { nearest } from '../common/suggest.ts';
import { BrownoutError } from '../common/errors.ts';
import type { SuiteCell } from './suite.ts';

/** Which cells to take; all conditions must hold. */
export interface Selection {
  /** Any of these tags. */
  readonly tag?: readonly string[];
  /** A part of the id or of the scenario's sentence. */
  readonly grep?: string;
  readonly id?: string;
}

/** @throws {BrownoutError} `nothing_selected` when there are cells, and none is selected */
export function selectCells(
  cells: readonly SuiteCell[],
  { tag = [], grep, id }: Selection,
): SuiteCell[] {
  const selected = cells.filter(
    (cell) =>
      (id === undefined || cell.id === id) &&
      (tag.length === 0 || tag.some((one) => cell.tags.includes(one))) &&
      (grep === undefined || cell.id.includes(grep) || cell.scenario.includes(grep)),
  );
  if (selected.length > 0 || cells.length === 0) return selected;
  if (id !== undefined && !cells.some((cell) => cell.id === id)) {
    throw new BrownoutError('nothing_selected', `no cell has the id "${id}"${near(id, cells)}`);
  }
  const tags = [...new Set(cells.flatMap((cell) => cell.tags))];
  const hint = tag.length > 0 ? `; the tags are ${tags.join(', ')}` : '';
  throw new BrownoutError(
    'nothing_selected',
    `none of the ${cells.length} cells is selected${hint}`,
  );
}

function near(id: string, cells: readonly SuiteCell[]): string {
  const meant = nearest(
    id,
    cells.map((cell) => cell.id),
  );
  return meant === undefined ? ' (--grep takes a part of an id)' : `, did you mean "${meant}"?`;
}
