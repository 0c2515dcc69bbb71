import { nearest } from '../../common/suggest.ts';
import { BrownoutError } from '../../common/errors.ts';
import type { SuiteCell } from '../suite.ts';

/** Which cells to take; all conditions must hold. */
export interface Selection {
  /** Any of these tags; and none of those that begin with `!`. */
  readonly tag?: readonly string[];
  /** A part of the id or of the scenario's sentence. */
  readonly grep?: string;
  /** This one, or any of these. */
  readonly id?: string | readonly string[];
}

/** @throws {BrownoutError} `nothing_selected` when there are cells, and none is selected or one of the ids is none of theirs */
export function selectCells(
  cells: readonly SuiteCell[],
  { tag = [], grep, id }: Selection,
): SuiteCell[] {
  const ids = idsOf(id);
  const known = new Set(cells.map((cell) => cell.id));
  const unknown = cells.length > 0 ? ids.find((one) => !known.has(one)) : undefined;
  if (unknown !== undefined) {
    throw nothing(`no cell has the id "${unknown}"${near(unknown, [...known])}`);
  }
  const wanted = tag.filter((one) => !isNot(one));
  const unwanted = tag.filter(isNot).map((one) => one.slice(1));
  const selected = cells.filter(
    (cell) =>
      (ids.length === 0 || ids.includes(cell.id)) &&
      (wanted.length === 0 || wanted.some((one) => cell.tags.includes(one))) &&
      !unwanted.some((one) => cell.tags.includes(one)) &&
      (grep === undefined || cell.id.includes(grep) || cell.scenario.includes(grep)),
  );
  if (selected.length > 0 || cells.length === 0) return selected;
  const hint = tag.length > 0 ? `; the tags are ${tagsOf(cells).join(', ')}` : '';
  throw nothing(`none of the ${cells.length} cells is selected${hint}`);
}

export function idsOf(id: Selection['id'] = []): readonly string[] {
  return typeof id === 'string' ? [id] : id;
}

/** A tag that no scenario has selects nothing, or leaves nothing out: a slip would not be seen. */
export function unknownTags(
  cells: readonly SuiteCell[],
  { tag = [] }: Pick<Selection, 'tag'>,
): string[] {
  const known = tagsOf(cells);
  return tag
    .map((one) => (isNot(one) ? one.slice(1) : one))
    .filter((one) => !known.includes(one))
    .map((one) => `no scenario has the tag "${one}"${hint(nearest(one, known))}`);
}

function isNot(tag: string): boolean {
  return tag.startsWith('!');
}

function tagsOf(cells: readonly SuiteCell[]): string[] {
  return [...new Set(cells.flatMap((cell) => cell.tags))];
}

function nothing(message: string): BrownoutError {
  return new BrownoutError('nothing_selected', message);
}

function near(id: string, ids: readonly string[]): string {
  return hint(nearest(id, ids)) || ' (--grep takes a part of an id)';
}

function hint(meant: string | undefined): string {
  return meant === undefined ? '' : `, did you mean "${meant}"?`;
}
