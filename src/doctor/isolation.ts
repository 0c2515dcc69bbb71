import type { Examined } from './examine.ts';

/** What the checks of a service mean for how cells are kept apart, in a line; undefined where it cannot be said. */
export function isolationOf(examined: readonly Examined[]): string | undefined {
  const verdictOf = (wanted: string) => examined.find(({ name }) => name === wanted)?.verdict;
  if (verdictOf('starts') !== 'holds') return undefined;
  const always = 'an instance for each cell, or one cell at a time';
  if (verdictOf('propagates') !== 'holds') return `${always}; not by baggage`;
  if (verdictOf('isolated') === 'holds')
    return `${always}, or all at once on one instance, by baggage`;
  if (verdictOf('isolated') === 'fails')
    return `${always}; not by baggage, for it is not stateless`;
  return `${always}; if it keeps nothing between requests, say stateless: true and have that proved here`;
}
