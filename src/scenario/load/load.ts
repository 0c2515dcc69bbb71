import { FileError } from '../../common/errors.ts';
import { cellsAt, placeOf } from './at-line.ts';
import { checkFragment } from './check-fragment.ts';
import type { Env } from './environment.ts';
import { openFiles, type Files } from './files.ts';
import { loadScenario, type Override } from './load-scenario.ts';
import { searchFiles } from './search.ts';
import type { Suite, SuiteCell } from '../suite.ts';

/**
 * Loads the scenarios at the paths (files, folders, or `file:line`) with the systems and contracts that they use. Where another system is
 * put under them, scenarios of others are left out.
 * @throws {FileError} with every problem of every file
 */
export function loadSuite(paths: readonly string[], options: LoadOptions = {}): Suite {
  const { system: systemFile, env, scripts } = options;
  const files = openFiles(env, scripts);
  const override =
    systemFile === undefined ? undefined : { file: systemFile, spec: files.system(systemFile) };
  const problems: FileError['problems'][number][] = [];
  const places = paths.map(placeOf);
  const found = searchFiles(
    places.map(({ path }) => path),
    files.parsed,
  ).flatMap((file) => {
    try {
      return loadFile(file, files, override);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  problems.push(...sameIds(found));
  if (problems.length > 0) throw new FileError(unique(problems));
  const loaded = cellsAt(found, places);
  const cells = loaded.filter(({ system }) => !override || system === override.spec);
  return {
    cells,
    leftOut: loaded.length - cells.length,
    files: files.read(),
    named: files.named(),
  };
}

export interface LoadOptions {
  /** Another system of the same name, which is put under the scenarios. */
  readonly system?: string | undefined;
  /** What system files may name as `${env.NAME}`; without it they are checked, and cannot be run. */
  readonly env?: Env | undefined;
  /** Whether files may run code, as `command` and `script` do; they may unless this is false. */
  readonly scripts?: boolean;
}

function loadFile(file: string, files: Files, override: Override | undefined): SuiteCell[] {
  const { kind, yaml } = files.source(file);
  if (kind === 'scenario') return loadScenario(yaml, files, override);
  if (kind === 'system') files.system(file);
  if (kind === 'fragment') checkFragment(file, files);
  if (kind === 'mock') files.mock(file);
  // A contract is checked with the system of each scenario that uses it; alone, only its form is.
  return [];
}

function sameIds(cells: readonly SuiteCell[]): FileError['problems'] {
  const seen = new Map<string, SuiteCell>();
  return cells.flatMap((cell) => {
    const before = seen.get(cell.id);
    seen.set(cell.id, cell);
    if (!before) return [];
    const { file, line } = before.position;
    return [{ ...cell.position, message: `the id "${cell.id}" is taken by ${file}:${line}` }];
  });
}

/** Each cell of a matrix finds the same mistake again. In the order in which they stand. */
function unique(problems: FileError['problems']): FileError['problems'] {
  const each = new Map(problems.map((p) => [JSON.stringify(p), p]));
  return [...each.values()].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
}
