import { FileError } from '../../common/errors.ts';
import { readYaml } from '../../common/yaml-file.ts';
import type { SuiteCell } from '../suite.ts';

/** The cells that say `only`, and a warning that counts the others; all of them where none says it. */
export function onlyThose(cells: readonly SuiteCell[]): {
  readonly cells: readonly SuiteCell[];
  readonly warnings: readonly string[];
} {
  const chosen = cells.filter(({ only }) => only !== undefined);
  if (chosen.length === 0) return { cells, warnings: [] };
  const count = cells.length - chosen.length;
  const left = count === 1 ? '1 cell was left out' : `${count} cells were left out`;
  const warning = `${left}: only stands in ${filesOf(chosen).join(', ')}`;
  return { cells: chosen, warnings: [warning] };
}

/**
 * Where a machine decides by the verdict, what one person wanted to see alone would pass for all of it.
 * @throws {FileError} at every `only`
 */
export function refuseOnly(cells: readonly SuiteCell[]): void {
  const files = filesOf(cells.filter(({ only }) => only !== undefined));
  const message = 'only leaves every other scenario out, and CI is set: take it out of the file';
  if (files.length === 0) return;
  throw new FileError(
    files.map((file) => ({ ...readYaml(file).positionOf(['only'], true), message })),
  );
}

function filesOf(cells: readonly SuiteCell[]): string[] {
  return [...new Set(cells.map(({ position }) => position.file))];
}
