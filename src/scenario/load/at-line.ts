import { existsSync, readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { FileError } from '../../common/errors.ts';
import type { SuiteCell } from '../suite.ts';

/** A path, and the line of it that was named. */
export interface Place {
  readonly path: string;
  readonly line?: number;
}

/**
 * Takes `scenarios/x.yaml:14` apart, unless a file has all of that as its name.
 * @throws {FileError} for a line that the file does not have
 */
export function placeOf(written: string): Place {
  const [, path, digits] = /^(.+?):(\d+)(?::\d+)?$/.exec(written) ?? [];
  if (path === undefined || existsSync(written) || !existsSync(path)) return { path: written };
  const line = Number(digits);
  const lines = linesOf(path);
  if (line >= 1 && line <= lines) return { path, line };
  const message = `there is no line ${line}: it has ${lines}`;
  throw new FileError([{ file: relative('', path), line: lines, column: 1, message }]);
}

/**
 * The cells that stand at the lines that were named: those with a value that stands there in the matrix; where none does, all
 * of the file. A file that was named without a line is taken whole.
 */
export function cellsAt(cells: readonly SuiteCell[], places: readonly Place[]): SuiteCell[] {
  const whole = new Set(places.filter(({ line }) => line === undefined).map(fileOf));
  const named = places.filter((place) => !whole.has(fileOf(place)));
  if (named.length === 0) return [...cells];
  const chosen = new Set(named.flatMap((place) => standingAt(cells, place)));
  const files = new Set(named.map(fileOf));
  return cells.filter((cell) => chosen.has(cell) || !files.has(cell.position.file));
}

function standingAt(cells: readonly SuiteCell[], place: Place): readonly SuiteCell[] {
  const here = cells.filter(({ position }) => position.file === fileOf(place));
  const there = here.filter((cell) => cell.valueLines?.().includes(place.line ?? 0));
  return there.length > 0 ? there : here;
}

function fileOf({ path }: Place): string {
  return relative('', path);
}

function linesOf(path: string): number {
  try {
    return Math.max(1, readFileSync(path, 'utf8').replace(/\n$/, '').split('\n').length);
  } catch {
    // A folder, say: it has no lines, and is told of as it is searched.
    return 1;
  }
}
