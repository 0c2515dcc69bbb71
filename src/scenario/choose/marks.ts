import { InvalidError, type Problem } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { Choice, Mark } from '../format/scenario.ts';
import { fits, type Cell } from '../load/matrix.ts';

/** The reason that a scenario gives under `skip` or `only` for the cell of these values. */
export function markOf(mark: Mark | undefined, values: Choice): string | undefined {
  if (mark === undefined || typeof mark === 'string') return mark;
  return mark.find(({ cells }) => fits(cells, values))?.reason;
}

/**
 * One that fits no cell, for a misspelt name or an old value, would mark nothing and nobody would see it.
 * @param scenario as it was written, of the right form
 * @throws {InvalidError} whose paths start at the scenario's root
 */
export function checkMarks(
  scenario: Readonly<Record<string, unknown>>,
  cells: readonly Cell[],
): void {
  const axes = [...new Set(cells.flatMap(({ values }) => Object.keys(values)))];
  const problems = ['skip', 'only'].flatMap((key) => {
    const mark = scenario[key] as Mark | undefined;
    if (mark === undefined || typeof mark === 'string') return [];
    return mark.flatMap((one, i): Problem[] => {
      const path = [key, i, 'cells'];
      const unknown = Object.keys(one.cells).filter((name) => !axes.includes(name));
      if (unknown.length > 0)
        return unknown.map((name) => ({
          path: [...path, name],
          message: `the matrix has no "${name}"${didYouMean(name, axes)}`,
          atKey: true,
        }));
      if (cells.some(({ values }) => fits(one.cells, values))) return [];
      return [{ path, message: 'no cell of the matrix has these values', atKey: true }];
    });
  });
  if (problems.length > 0) throw new InvalidError(problems);
}
