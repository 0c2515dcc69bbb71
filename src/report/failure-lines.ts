import type { Failure } from '../scenario/result.ts';
import { fits, fold } from './columns.ts';
import { differences, type Difference } from './differences.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';
import { pointsIntoBody, shortenPair, showPointer, showValue } from './value.ts';

/**
 * What was expected and what came instead, in lines of `room` columns: one line where it fits, the places that differ
 * where both are large and alike, else an excerpt of each.
 */
export function failureLines(failure: Failure, room: number, paint: Paint): string[] {
  const { pointer } = failure;
  const expected = showAt(pointer, failure.expected);
  const got = showAt(pointer, failure.got);
  const name = showPointer(pointer);
  const withPosition = (plain: string, painted = plain) =>
    positioned(plain, painted, failure.at, room, paint);

  const sentence = `expected ${name} ${expected}, got ${got}`;
  if (fits(sentence, room)) {
    return withPosition(
      sentence,
      `expected ${name} ${paint.green(expected)}, got ${paint.red(got)}`,
    );
  }
  const places = differences(failure.expected, failure.got);
  if (places.length > 0) {
    const differ = places.length === 1 ? '1 place differs' : `${places.length} places differ`;
    return [
      ...withPosition(`expected another ${name}: ${differ}`),
      ...placesLines(pointer, places, room - 2, paint).map(indent),
    ];
  }
  const [shortExpected, shortGot] = shortenPair(expected, got, EXCERPT);
  return [
    ...withPosition(`expected ${name}`),
    ...fold(shortExpected, room - 2).map((line) => indent(paint.green(line))),
    'got',
    ...fold(shortGot, room - 2).map((line) => indent(paint.red(line))),
  ];
}

function placesLines(
  base: string,
  places: readonly Difference[],
  room: number,
  paint: Paint,
): string[] {
  const lines = places
    .slice(0, MAX_PLACES)
    .flatMap((place) => placeLines({ ...place, pointer: base + place.pointer }, room, paint));
  const rest = places.length - MAX_PLACES;
  return rest > 0 ? [...lines, paint.dim(`and ${rest} more`)] : lines;
}

function placeLines(place: Difference, room: number, paint: Paint): string[] {
  const name = showPointer(place.pointer);
  const [expected, got] = shortenPair(
    showValue(place.expected),
    showValue(place.got),
    PLACE_EXCERPT,
  );
  if (fits(`${name}: expected ${expected}, got ${got}`, room)) {
    return [`${name}: expected ${paint.green(expected)}, got ${paint.red(got)}`];
  }
  return [
    `${name}:`,
    ...fold(`expected ${expected}`, room - 2).map((line) => indent(paint.green(line))),
    ...fold(`got ${got}`, room - 2).map((line) => indent(paint.red(line))),
  ];
}

function positioned(
  plain: string,
  painted: string,
  position: string,
  room: number,
  paint: Paint,
): string[] {
  if (position === '') return [painted];
  const at = `(${printable(position)})`;
  return fits(`${plain} ${at}`, room)
    ? [`${painted} ${paint.dim(at)}`]
    : [painted, indent(paint.dim(at))];
}

/** Beside a word such as `time`, a text is part of the sentence (`within 1200ms`); in a body it is a value. */
function showAt(pointer: string, value: unknown): string {
  const bare = typeof value === 'string' && !pointsIntoBody(pointer);
  return bare ? printable(value) : showValue(value);
}

function indent(line: string): string {
  return `  ${line}`;
}

const EXCERPT = 200;
const PLACE_EXCERPT = 60;
const MAX_PLACES = 8;
