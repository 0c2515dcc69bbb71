import { z } from 'zod';
import { defineExpectation, type Finding } from '../expectation.ts';
import type { SystemSpec } from '../../system/spec.ts';
import { saying } from '../format/said.ts';
import { namesOf, unknownName } from '../load/named.ts';

const count = z.union([
  z.int().min(0),
  saying(
    z.strictObject({
      min: z.int().min(0).optional().describe('at least so often'),
      max: z.int().min(0).optional().describe('at most so often'),
    }),
  ),
]);
type Count = z.infer<typeof count>;

export const upstream = defineExpectation({
  name: 'upstream',
  summary:
    'how often a call, or any of an upstream, was made for this request, and how often a fault hit it',
  schema: saying(
    z.record(
      z.string(),
      saying(
        z.strictObject({
          count: count.optional().describe('how often the call is made'),
          faulted: count.optional().describe('how often a fault hits it'),
        }),
      ),
    ),
  ),
  noOthers: true,
  mistakes: (expected, { system }) =>
    Object.keys(expected).flatMap((name) => {
      if (system.upstreams[name]?.protocol !== 'tcp')
        return unknownName('upstream or call', name, namesIn(system), [name]);
      const message = `of "${name}" only bytes are known (protocol: tcp), not what is asked of it`;
      return [{ path: [name], message, atKey: true }];
    }),
  check: (expected, { exchanges }) =>
    Object.entries(expected).flatMap(([name, wanted]) => {
      const made = exchanges.filter(
        ({ call, upstream }) =>
          upstream === name || call === name || `${upstream}.${call}` === name,
      );
      const faulted = made.filter(({ injected }) => injected.length > 0);
      return [
        ...judge(`calls of ${name}`, wanted.count, made.length),
        ...judge(`faulted calls of ${name}`, wanted.faulted, faulted.length),
      ];
    }),
});

/** As rules name them: an upstream, a call, or both. */
function namesIn(system: SystemSpec): string[] {
  return Object.entries(namesOf(system)).flatMap(([upstream, { calls }]) => [
    ...calls,
    upstream,
    ...calls.map((call) => `${upstream}.${call}`),
  ]);
}

function judge(what: string, wanted: Count | undefined, got: number): Finding[] {
  if (wanted === undefined) return [];
  const { min = 0, max = Infinity } =
    typeof wanted === 'number' ? { min: wanted, max: wanted } : wanted;
  return got >= min && got <= max ? [] : [{ pointer: what, expected: wanted, got }];
}
