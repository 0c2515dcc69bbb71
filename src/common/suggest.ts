import leven from 'leven';

/** `, did you mean "x"?` when one of `known` is near `word`, else the list of what there is; empty when nothing is known. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = known
    .map((candidate) => ({ candidate, distance: leven(word, candidate) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.floor(candidate.length / 3)))
    .sort((a, b) => a.distance - b.distance)[0];
  if (near) return `, did you mean "${near.candidate}"?`;
  return known.length > 0 ? ` (there is: ${known.join(', ')})` : '';
}
