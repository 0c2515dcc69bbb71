import { expect } from 'chai';
import type { CellResult } from '../../src/scenario/result.ts';
import { run, type RunOptions } from './run-files.ts';

export const gotOf = ({ failures }: CellResult) =>
  failures.map(({ pointer, expected, got }) => ({ pointer, expected, got }));

export async function failuresOf(options: RunOptions) {
  const { cell } = await run(options);
  expect(cell.verdict, cell.reason ?? '').to.equal('failed');
  return gotOf(cell);
}

export async function passes(options: RunOptions) {
  const { cell, result } = await run(options);
  expect(gotOf(cell)).to.deep.equal([]);
  // On a busy machine it may have passed on a second try only.
  expect(cell.reason ?? '').to.match(/^$|^run again alone/);
  expect(result).to.include({ verdict: 'passed', exit: 0 });
  return cell;
}

/** Not a deadline: some time passes. */
export function later(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
