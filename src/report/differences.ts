import { pointerTo } from '../common/json-pointer.ts';

/** A place where two JSON values are not alike. */
export interface Difference {
  readonly pointer: string;
  readonly expected: unknown;
  readonly got: unknown;
}

/**
 * Where `got` is not what was expected, as deep as both are of one kind. Empty where a comparison place by place would
 * tell nothing: one is no container, or the two have no key in common.
 */
export function differences(expected: unknown, got: unknown): Difference[] {
  return asPair(expected, got) ? [...compare(expected, got, '', MAX_DEPTH)] : [];
}

function* compare(
  expected: unknown,
  got: unknown,
  pointer: string,
  depth: number,
): Generator<Difference> {
  const pair = depth > 0 ? asPair(expected, got) : null;
  if (pair) {
    const [one, other] = pair;
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
      yield* compare(own(one, key), own(other, key), pointerTo(pointer, key), depth - 1);
    }
  } else if (JSON.stringify(expected) !== JSON.stringify(got)) {
    yield { pointer, expected, got };
  }
}

/** Both as containers, where they are of one kind and have a key in common. */
function asPair(one: unknown, other: unknown): [Container, Container] | null {
  if (!isContainer(one) || !isContainer(other)) return null;
  if (Array.isArray(one) !== Array.isArray(other)) return null;
  return Object.keys(one).some((key) => Object.hasOwn(other, key)) ? [one, other] : null;
}

/** A body may hold a key such as `toString`, and lack it. */
function own(container: Container, key: string): unknown {
  return Object.hasOwn(container, key) ? container[key] : undefined;
}

function isContainer(value: unknown): value is Container {
  return typeof value === 'object' && value !== null;
}

type Container = Readonly<Record<string, unknown>>;

/** A reader finds a place that is deeper than this from its JSON; a stack has an end, too. */
const MAX_DEPTH = 12;
