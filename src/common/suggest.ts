import leven from 'leven';

/** `, did you mean "x"?` when one of `known` is near `word`, else the list of what there is; empty when nothing is known. */
export function didYouMean(word: string, known: readonly string[]): string {
  const near = nearest(word, known);
  if (near !== undefined) return `, did you mean "${near}"?`;
  return known.length > 0 ? ` (there is: ${known.join(', ')})` : '';
}

/** What was probably meant: near enough that a slip of the finger leads from one to the other. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return known
    .map((candidate) => ({
      candidate,
      distance: leven(word.toLowerCase(), candidate.toLowerCase()),
    }))
    .filter(({ candidate, distance }) => distance <= Math.ceil(candidate.length / 3))
    .sort((a, b) => a.distance - b.distance)[0]?.candidate;
}
