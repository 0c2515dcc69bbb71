import type { Check } from './check.ts';
import * as checks from './checks/index.ts';

const all: readonly Check[] = Object.values(checks);

/** Every check there is: those of the machine first, and none before the one that it comes after. */
export const CHECKS: readonly Check[] = [...all].sort((a, b) => placeOf(a) - placeOf(b));

/** The sort is stable: what has one place stays in the order of the index. */
function placeOf({ needs, after }: Check): number {
  const before = all.find(({ name }) => name === after);
  return (needs === 'machine' ? 0 : 1) + (before ? placeOf(before) : 0);
}
