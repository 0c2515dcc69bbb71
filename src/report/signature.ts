import type { CellResult, Failure } from '../scenario/result.ts';

/** What did not hold of a cell: as it stands, and without the values that the cell was made with. */
export function signaturesOf(cell: CellResult): readonly string[] {
  return [signature(cell, []), signature(cell, ownValues(cell.id))];
}

function signature({ verdict, failures, reason }: CellResult, own: readonly string[]): string {
  const without = (text: string) => own.reduce(withoutWord, alike(text.replace(TIME, OWN)));
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
function ownValues(id: string): string[] {
  const made = id.slice(Math.max(0, id.search(/[[~]/)));
  const values = made.split(/[[\]~,;+=]/).slice(1);
  const parts = values.flatMap((value) => value.split(':'));
  return [...new Set([...values, ...parts].map(alike))]
    .filter((value) => value !== '')
    .sort((one, other) => other.length - one.length);
}

/** `player-stats` is `player_stats` in many an answer. */
function alike(text: string): string {
  return text.toLowerCase().replaceAll('_', '-');
}

/** By hand: a pattern that looks behind each letter takes a hundred times as long. */
function withoutWord(text: string, word: string): string {
  let rest = '';
  let from = 0;
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    const end = at + word.length;
    if (at < from || LETTER.test(text[at - 1] ?? '') || LETTER.test(text[end] ?? '')) continue;
    rest += text.slice(from, at) + OWN;
    from = end;
  }
  return rest + text.slice(from);
}

const LETTER = /[\p{L}\p{N}]/u;
const TIME = /\b\d+(?:\.\d+)? ?m?s\b/g;
const OWN = '‹›';
