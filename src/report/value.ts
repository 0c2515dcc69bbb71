import { pointerKeys } from '../common/json-pointer.ts';
import { printable } from './printable.ts';

/** A value as JSON on one line; `nothing` where there is none. */
export function showValue(value: unknown): string {
  const text: string | undefined = JSON.stringify(value);
  return text === undefined ? 'nothing' : printable(text);
}

/** A pointer as people say it: `/leaderboard/data/0` becomes `leaderboard.data[0]`. Words are left as they are. */
export function showPointer(pointer: string): string {
  if (pointer === '') return 'body';
  if (!pointsIntoBody(pointer)) return printable(pointer);
  return pointerKeys(pointer).map(showKey).join('').replace(/^\./, '');
}

/** Whether it is a JSON pointer, and no word such as `status` or `time`. */
export function pointsIntoBody(pointer: string): boolean {
  return pointer === '' || pointer.startsWith('/');
}

/** Two long texts, each in about `limit` characters: what both begin with is left out, so that the difference is in sight. */
export function shortenPair(one: string, other: string, limit: number): [string, string] {
  const same = sharedStart(one, other);
  const from = Math.max(one.length, other.length) > limit && same > LEAD * 2 ? same - LEAD : 0;
  return [excerpt(one, from, limit), excerpt(other, from, limit)];
}

function showKey(key: string): string {
  if (/^\d+$/.test(key)) return `[${key}]`;
  return /^[\w$-]+$/.test(key) ? `.${key}` : `[${showValue(key)}]`;
}

function excerpt(text: string, from: number, limit: number): string {
  const rest = text.length - from - limit;
  const kept = rest > 0 ? text.slice(from, from + limit) : text.slice(from);
  return (from > 0 ? '…' : '') + whole(kept) + (rest > 0 ? `… (${rest} more characters)` : '');
}

function sharedStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length++;
  return length;
}

/** Without the halves of surrogate pairs that a cut has left at its ends. */
function whole(text: string): string {
  return text.replace(/^[\udc00-\udfff]/, '').replace(/[\ud800-\udbff]$/, '');
}

const LEAD = 16;
