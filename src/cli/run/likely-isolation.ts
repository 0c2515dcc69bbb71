import type { CellResult } from '../../scenario/result.ts';
import { mayShare } from '../../scenario/isolation/sharing.ts';
import type { SuiteCell } from '../../scenario/suite.ts';
import { isOnlyOne } from '../../system/only-one.ts';

/** How a cell will be kept apart if the service passes on whose request it works for: nothing was asked of it yet. */
export function likelyIsolation(cell: SuiteCell): CellResult['isolation'] {
  if (mayShare(cell)) return 'baggage';
  return isOnlyOne(cell.system) ? 'exclusive' : 'instance';
}
