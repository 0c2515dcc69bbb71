import { pointerTo } from '../../common/json-pointer.ts';
import type { Finding } from '../expectation.ts';

/**
 * Where two JSON values differ, leaving out what stands at or below the pointers in `ignored`. After a thousand places it
 * looks no further.
 */
export function differences(
  expected: unknown,
  got: unknown,
  ignored: ReadonlySet<string>,
): Finding[] {
  const found: Finding[] = [];
  compare(expected, got, '');
  return found;

  function compare(expected: unknown, got: unknown, pointer: string): void {
    if (found.length >= MOST || ignored.has(pointer)) return;
    if (
      isCollection(expected) &&
      isCollection(got) &&
      Array.isArray(expected) === Array.isArray(got)
    ) {
      for (const key of new Set([...Object.keys(expected), ...Object.keys(got)]))
        compare(own(expected, key), own(got, key), pointerTo(pointer, key));
    } else if (expected !== got) found.push({ pointer, expected, got });
  }
}

function isCollection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function own(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}

const MOST = 1000;
