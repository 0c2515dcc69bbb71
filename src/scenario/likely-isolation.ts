import type { CellResult } from './result.ts';
import { mayShare } from './sharing.ts';
import type { SuiteCell } from './suite.ts';

/** How a cell will be kept apart if the service passes on whose request it works for: nothing was asked of it yet. */
export function likelyIsolation(cell: SuiteCell): CellResult['isolation'] {
  return mayShare(cell) ? 'baggage' : 'instance';
}
