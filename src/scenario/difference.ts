import { pointerTo } from '../common/json-pointer.ts';
import type { Finding } from './expectation.ts';

/** Where two JSON values differ, leaving out what stands at or below the pointers in `ignored`. */
export function differences(
  expected: unknown,
  got: unknown,
  ignored: ReadonlySet<string>,
  pointer = '',
): Finding[] {
  if (ignored.has(pointer)) return [];
  if (
    isCollection(expected) &&
    isCollection(got) &&
    Array.isArray(expected) === Array.isArray(got)
  ) {
    const keys = new Set([...Object.keys(expected), ...Object.keys(got)]);
    return [...keys].flatMap((key) =>
      differences(own(expected, key), own(got, key), ignored, pointerTo(pointer, key)),
    );
  }
  return expected === got ? [] : [{ pointer, expected, got }];
}

function isCollection(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function own(value: Record<string, unknown>, key: string): unknown {
  return Object.hasOwn(value, key) ? value[key] : undefined;
}
