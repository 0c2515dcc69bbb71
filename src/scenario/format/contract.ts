import { z } from 'zod';
import { duration, json, pointer } from './common.ts';

const attempts = z.strictObject({
  min: z.int().min(0).optional(),
  max: z.int().min(0).optional(),
});

/** The part of the answer that one upstream call fills. */
export const callContract = z.strictObject({
  part: pointer.describe('what is not compared while the call is broken'),
  data: pointer.describe('where the data stands'),
  empty: json.describe('what stands there while the call is broken'),
  flag: pointer.describe('true exactly while the call is broken'),
  attempts: attempts.optional().describe('how often the call may be made for one request'),
});

/** A contract: what "degrades gracefully" means for one endpoint. */
export const contractFile = z.strictObject({
  $schema: z.string().optional(),
  contract: z.string().regex(/^[a-z][a-z0-9-]*$/, 'expected a name such as open-game'),
  request: z.strictObject({
    get: z.string().startsWith('/'),
    as: z.string().optional(),
    headers: z.record(z.string(), z.string()).optional(),
  }),
  budget: z.strictObject({ baseline: duration, degraded: duration }),
  calls: z.record(z.string(), callContract),
  overall: z.strictObject({ flag: pointer }).optional(),
  volatile: z.array(pointer).default([]),
  never: z.array(z.string().min(1)).default([]),
});

export type Contract = z.infer<typeof contractFile>;
export type CallContract = z.infer<typeof callContract>;
