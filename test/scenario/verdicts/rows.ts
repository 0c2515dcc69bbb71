import type { RunOptions } from '../run-files.ts';
import { rightPage, twisted, type Behaviour, type Page } from '../service.ts';

/** What the service does, the scenario, and why the verdict is what it is. */
export type Row = readonly [
  service: Behaviour,
  scenario: object,
  reason: string | RegExp | null,
  more?: RunOptions,
];

export const LOST: Page['board'] = { data: [], error: true };
export const NEVER_FIRES = {
  faults: [{ on: 'stats.board', inject: { status: 503 }, trigger: { nth: 9 } }],
};
export const UNFIRED =
  'never fired: status on stats.board; calls that were seen: board ×1, player ×1';

/** Wrong only where the board is lost, which the healthy answers of the baseline and the recovery are not. */
export const whenLost = (change: (page: Page) => object) =>
  twisted((page) => (page.board.error === true ? { ...page, ...change(page) } : page));

/** Wrong in the cell’s request alone: the second that its own instance gets. */
export const inTheMiddle = (change: (page: Page) => object) =>
  twisted((page, { instance, ordinal }) =>
    instance > 1 && ordinal === 2 ? { ...page, ...change(page) } : page,
  );

/** Does it once the board is lost, and forgets nothing of it. */
export function onceLost(
  then: (page: Page, visit: Parameters<Behaviour>[0]) => Promise<unknown>,
): Behaviour {
  const lost = new Set<number>();
  return async (visit) => {
    const page = await rightPage(visit);
    if (page.board.error === true) lost.add(visit.instance);
    return { body: lost.has(visit.instance) ? await then(page, visit) : page };
  };
}
