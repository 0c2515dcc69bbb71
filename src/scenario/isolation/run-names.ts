import { createHash } from 'node:crypto';
import type { SuiteCell } from '../suite.ts';

/**
 * Names the run of a cell on an instance that others use too: by its id. Where it comes again it gets another: what its
 * last time left under way is not its own any more.
 */
export function createRunNames(): (cell: SuiteCell) => string {
  const visits = new Map<SuiteCell, number>();
  return (cell) => {
    const visit = (visits.get(cell) ?? 0) + 1;
    visits.set(cell, visit);
    return sayable(visit === 1 ? cell.id : `${cell.id} (${visit})`);
  };
}

/** What a baggage can say: an id is longer, or holds what cannot be read, seldom. */
function sayable(id: string): string {
  if (/^[\x20-\x7e]{1,128}$/.test(id)) return id;
  return createHash('sha256').update(id).digest('hex');
}
