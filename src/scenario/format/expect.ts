import { z } from 'zod';
import type { Expectation } from '../expectation.ts';
import * as expectations from '../expectations/index.ts';

/** Every expectation there is, by name. */
export const EXPECTATIONS: ReadonlyMap<string, Expectation> = new Map(
  Object.values(expectations).map((one) => [one.name, one as unknown as Expectation]),
);

/** What `expect:` may hold: each expectation of the catalogue under its name. */
export const expect = z.strictObject(
  Object.fromEntries(
    [...EXPECTATIONS.values()].map(({ name, schema, summary }) => [
      name,
      schema.optional().describe(summary),
    ]),
  ),
) as z.ZodType<Expect>;

/** Expected values by the expectation's name. */
export type Expect = Readonly<Record<string, unknown>>;
