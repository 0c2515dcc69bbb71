import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrownoutError } from '../../common/errors.ts';
import { idOfFirst } from './repeat.ts';
import type { CellResult, Verdict } from '../result.ts';
import type { Suite, SuiteCell } from '../suite.ts';

/** What did not pass when it was run last, and where that is kept. */
export interface LastRun {
  readonly file: string;
  readonly failed: readonly FailedCell[];
}

interface FailedCell {
  readonly id: string;
  /** The scenario's. */
  readonly file: string;
  /** That which was put under it. */
  readonly system?: string;
  readonly verdict: Verdict;
}

/** Nothing where there is no such file, or none that can be read. */
export function readLastRun(folder: string): LastRun {
  const file = lastRunFile(folder);
  try {
    const { version, failed } = JSON.parse(readFileSync(file, 'utf8')) as Kept;
    return { file, failed: version === VERSION && Array.isArray(failed) ? failed : [] };
  } catch {
    return { file, failed: [] };
  }
}

/** @throws {BrownoutError} `nothing_selected` when nothing is known not to have passed, or none of that is among the cells */
export function cellsOfLastRun(
  cells: readonly SuiteCell[],
  { file, failed }: LastRun,
): readonly SuiteCell[] {
  if (failed.length === 0) {
    const message = `nothing is known not to have passed (${file}): run without --last-failed`;
    throw new BrownoutError('nothing_selected', message);
  }
  const keys = new Set(failed.map(keyOf));
  const chosen = cells.filter((cell) => keys.has(keyOf(asFailed(cell))));
  if (chosen.length > 0 || cells.length === 0) return chosen;
  const which = failed.length === 1 ? 'the cell that' : `none of the ${failed.length} cells that`;
  const message = `${which} did not pass (${file}) is${failed.length === 1 ? ' not' : ''} among the ${cells.length} selected`;
  throw new BrownoutError('nothing_selected', message);
}

/**
 * Keeps what did not pass. What was not run this time stays as it was, but for cells that are no more: shards, and runs of a
 * few cells, add up. Nothing is written where there is nothing to keep.
 */
export function keepLastRun(folder: string, loaded: Suite, results: readonly CellResult[]): void {
  const { file, failed } = readLastRun(folder);
  const cells = new Map(loaded.cells.map((cell) => [cell.id, asFailed(cell)]));
  const files = new Set(loaded.cells.map(({ position }) => position.file));
  const left = new Map(failed.map((one) => [keyOf(one), one]));
  for (const [key, one] of left) {
    if (files.has(one.file) && !cells.has(one.id)) left.delete(key);
  }
  const worst = new Map<string, FailedCell>();
  for (const { id, verdict } of results) {
    const cell = cells.get(id) ?? cells.get(idOfFirst(id));
    if (!cell) continue;
    left.delete(keyOf(cell));
    if (verdict !== 'passed' && verdict !== 'skipped') worst.set(keyOf(cell), { ...cell, verdict });
  }
  const now = [...left.values(), ...worst.values()];
  if (now.length === 0 && failed.length === 0) return;
  mkdirSync(folder, { recursive: true });
  if (folder === LAST_RUN_FOLDER) writeFileSync(join(folder, '.gitignore'), '*\n');
  // Two runs at once in one folder never leave half a file.
  const beside = join(folder, `.${NAME}.${process.pid}.part`);
  writeFileSync(beside, `${JSON.stringify({ version: VERSION, failed: now }, null, 2)}\n`);
  renameSync(beside, file);
}

export function lastRunFile(folder: string): string {
  return join(folder, NAME);
}

function asFailed({ id, repeats, position: { file }, systemFile }: SuiteCell): FailedCell {
  const system = systemFile === undefined ? {} : { system: systemFile };
  return { id: repeats ?? id, file, ...system, verdict: 'failed' };
}

function keyOf({ id, file, system }: FailedCell): string {
  return JSON.stringify([system, file, id]);
}

interface Kept {
  readonly version: number;
  readonly failed: readonly FailedCell[];
}

const VERSION = 1;
const NAME = 'last-run.json';
/** In the working directory, where no other folder is named. */
export const LAST_RUN_FOLDER = '.brownout';
