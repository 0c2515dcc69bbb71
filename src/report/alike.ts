import type { CellResult, Failure } from '../scenario/result.ts';

/** Cells that are not passed for what looks like one cause. */
export interface Alike {
  readonly first: CellResult;
  readonly others: readonly CellResult[];
}

/**
 * Cells of one verdict whose failures have the same signature, in the order of their first. Two signatures are the same
 * where they are equal as they stand, or once the values that a cell was made with are taken out of each.
 */
export function groupAlike(cells: readonly CellResult[]): Alike[] {
  const groups: { first: CellResult; others: CellResult[] }[] = [];
  const known = new Map<string, (typeof groups)[number]>();
  for (const cell of cells) {
    const signatures = [signature(cell, []), signature(cell, ownValues(cell.id))];
    const group = signatures.map((text) => known.get(text)).find((found) => found !== undefined);
    const joined = group ?? { first: cell, others: [] };
    if (group) group.others.push(cell);
    else groups.push(joined);
    for (const text of signatures) if (!known.has(text)) known.set(text, joined);
  }
  return groups;
}

function signature({ verdict, failures, reason }: CellResult, own: readonly RegExp[]): string {
  const without = (text: string) =>
    own.reduce((rest, value) => rest.replace(value, OWN), text.replace(TIME, OWN));
  const causes =
    failures.length > 0
      ? failures.map((failure) => failureSignature(failure, without))
      : [without(reason ?? '')];
  return JSON.stringify([verdict, ...[...new Set(causes)].sort()]);
}

function failureSignature(
  { pointer, expected, got }: Failure,
  without: (text: string) => string,
): string {
  if (pointer === 'time') return pointer;
  const where = pointer.startsWith('/') ? without(pointer) : pointer;
  return JSON.stringify([
    where,
    without(JSON.stringify(expected) ?? ''),
    without(JSON.stringify(got) ?? ''),
  ]);
}

/** What a cell was made with, by its id: `[player-stats,status:503]` or `~player-stats=status:503`; the longest first. */
function ownValues(id: string): RegExp[] {
  const made = id.slice(Math.max(0, id.search(/[[~]/)));
  const values = made.split(/[[\]~,;+=]/).slice(1);
  const bare = values.flatMap((value) => value.split(':').slice(1));
  return [...new Set([...values, ...bare])]
    .filter((value) => value !== '')
    .sort((one, other) => other.length - one.length)
    .map(asWord);
}

/** `player-stats` is `player_stats` in many an answer. */
function asWord(value: string): RegExp {
  const pattern = value
    .split(/[-_]/)
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'))
    .join('[-_]');
  return new RegExp(`(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`, 'giu');
}

const TIME = /\b\d+(?:\.\d+)? ?m?s\b/g;
const OWN = '‹›';
