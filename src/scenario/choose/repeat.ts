import type { SuiteCell } from '../suite.ts';

/** Each cell so many times, one after another; from the second on their ids end with `#2` and so on. */
export function repeatEach(cells: readonly SuiteCell[], times: number): readonly SuiteCell[] {
  if (times === 1) return cells;
  return cells.flatMap((cell) =>
    Array.from({ length: times }, (_, i) =>
      i === 0 ? cell : repeated(cell, `${cell.id}#${i + 1}`),
    ),
  );
}

/** The cells, with those that were repeated where `ids` name them: their draws are not those of the first time. */
export function withRepeated(
  cells: readonly SuiteCell[],
  ids: readonly string[],
): readonly SuiteCell[] {
  const known = new Map(cells.map((cell) => [cell.id, cell]));
  const more = ids.flatMap((id) => {
    const cell = known.has(id) ? undefined : known.get(idOfFirst(id));
    return cell ? [repeated(cell, id)] : [];
  });
  return more.length > 0 ? [...cells, ...more] : cells;
}

/** The id without its `#2`. */
export function idOfFirst(id: string): string {
  return id.replace(/#[2-9]$|#[1-9]\d+$/, '');
}

function repeated(cell: SuiteCell, id: string): SuiteCell {
  return { ...cell, id, repeats: cell.id };
}
