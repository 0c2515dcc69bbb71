import { z } from 'zod';
import { defineExpectation, type Finding } from '../expectation.ts';
import { namesOf, unknownName } from '../named.ts';

const count = z.union([
  z.int().min(0),
  z.strictObject({
    min: z.int().min(0).optional().describe('at least so often'),
    max: z.int().min(0).optional().describe('at most so often'),
  }),
]);
type Count = z.infer<typeof count>;

export const upstream = defineExpectation({
  name: 'upstream',
  summary: 'how often a call was made for this request, and how often a fault hit it',
  schema: z.record(
    z.string(),
    z.strictObject({
      count: count.optional().describe('how often the call is made'),
      faulted: count.optional().describe('how often a fault hits it'),
    }),
  ),
  mistakes(expected, { system }) {
    const calls = Object.values(namesOf(system)).flatMap(({ calls }) => calls);
    return Object.keys(expected).flatMap((call) => unknownName('call', call, calls, [call]));
  },
  check: (expected, { exchanges }) =>
    Object.entries(expected).flatMap(([call, wanted]) => {
      const made = exchanges.filter((exchange) => exchange.call === call);
      const faulted = made.filter(({ injected }) => injected.length > 0);
      return [
        ...judge(`calls of ${call}`, wanted.count, made.length),
        ...judge(`faulted calls of ${call}`, wanted.faulted, faulted.length),
      ];
    }),
});

function judge(what: string, wanted: Count | undefined, got: number): Finding[] {
  if (wanted === undefined) return [];
  const { min = 0, max = Infinity } =
    typeof wanted === 'number' ? { min: wanted, max: wanted } : wanted;
  return got >= min && got <= max ? [] : [{ pointer: what, expected: wanted, got }];
}
