import type { CellResult, Failure } from '../scenario/result.ts';

/** What did not hold of a cell: as it stands, and without the values that the cell was made with. */
export function signaturesOf(cell: CellResult): readonly string[] {
  return [signature(cell, []), signature(cell, ownValues(cell.id))];
}

function signature({ verdict, failures, reason }: CellResult, own: readonly RegExp[]): string {
  const without = (text: string) =>
    own.reduce((rest, value) => rest.replace(value, OWN), text.replace(TIME, OWN));
  const causes =
    failures.length > 0
      ? failures.map((failure) => failureSignature(failure, without))
      : (reason ?? '').split('\n').map((line, i) => without(i === 0 ? line : unnumbered(line)));
  return JSON.stringify([verdict, ...[...new Set(causes)].sort()]);
}

function failureSignature(
  { pointer, expected, got }: Failure,
  without: (text: string) => string,
): string {
  if (pointer === 'time') return pointer;
  const where = pointer.startsWith('/') ? without(pointer) : pointer;
  return JSON.stringify([where, without(shapeOf(expected)), without(shapeOf(got))]);
}

/** That data is where none was expected is one cause, whatever the data. */
function shapeOf(value: unknown): string {
  if (typeof value === 'object' && value !== null)
    return Object.keys(value).length === 0 ? 'none' : 'data';
  return JSON.stringify(value) ?? 'nothing';
}

/** What a program says last has times, ports and numbers of requests in it. */
function unnumbered(line: string): string {
  return line.replace(/\S*\d\S*/g, OWN);
}

/** What a cell was made with, by its id: `[player-stats,status:503]` or `~player-stats=status:503`; the longest first. */
function ownValues(id: string): RegExp[] {
  const made = id.slice(Math.max(0, id.search(/[[~]/)));
  const values = made.split(/[[\]~,;+=]/).slice(1);
  const bare = values.flatMap((value) => value.split(':'));
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
