import type { Examined } from './examine.ts';

/**
 * What the checks of a service mean for how cells are kept apart, in a line; undefined where it cannot be said.
 * @param onlyOne there cannot be an instance for each cell
 */
export function isolationOf(examined: readonly Examined[], onlyOne = false): string | undefined {
  const verdictOf = (wanted: string) => examined.find(({ name }) => name === wanted)?.verdict;
  if (verdictOf('starts') !== 'holds') return undefined;
  const alone = onlyOne ? 'one cell after another' : 'an instance for each cell';
  const [propagates, isolated] = [verdictOf('propagates'), verdictOf('isolated')];
  if (propagates === 'holds' && isolated === 'holds')
    return `${alone}, or all cells on one instance at once, by baggage`;
  if (propagates === 'holds' && isolated === 'not needed')
    return `${alone}; where it keeps nothing between requests, say stateless: true, and that one instance is enough for all can be proved here`;
  return `${alone}; not by baggage${isolated === 'fails' ? ', for it keeps something between requests' : ''}`;
}
