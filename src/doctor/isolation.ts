import type { Examined } from './examine.ts';

/** What the checks of a service mean for how cells are kept apart, in a line; undefined where it cannot be said. */
export function isolationOf(examined: readonly Examined[]): string | undefined {
  const verdictOf = (wanted: string) => examined.find(({ name }) => name === wanted)?.verdict;
  if (verdictOf('starts') !== 'holds') return undefined;
  const [propagates, isolated] = [verdictOf('propagates'), verdictOf('isolated')];
  if (propagates === 'holds' && isolated === 'holds')
    return `${INSTANCE}, or all cells on one instance at once, by baggage`;
  if (propagates === 'holds' && isolated === 'not needed')
    return `${INSTANCE}; where it keeps nothing between requests, say stateless: true, and that one instance is enough for all can be proved here`;
  return `${INSTANCE}; not by baggage${isolated === 'fails' ? ', for it keeps something between requests' : ''}`;
}

const INSTANCE = 'an instance for each cell';
