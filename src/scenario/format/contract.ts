import { z } from 'zod';
import { duration, FILE, json, named, path, pointer } from './common.ts';

const attempts = z.strictObject({
  min: z.int().min(0).optional().describe('at least so often'),
  max: z.int().min(0).optional().describe('at most so often'),
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
  ...FILE,
  contract: named('open-game').describe('its name, as steps call it'),
  request: z
    .strictObject({
      get: path.describe('the path, and the query'),
      as: z.string().optional().describe('an identity of the system'),
      headers: z.record(z.string(), z.string()).optional().describe('headers of the request'),
    })
    .describe('what is asked of the service'),
  budget: z
    .strictObject({
      baseline: duration.describe('the most that a healthy answer may take, such as 300ms'),
      degraded: duration.describe('the most that an answer may take under faults, such as 1200ms'),
    })
    .describe('how long answers may take'),
  calls: z
    .record(z.string(), callContract)
    .describe('each call that the request makes upstream, and where it lands in the answer'),
  overall: z
    .strictObject({ flag: pointer.describe('true exactly while any call is broken') })
    .optional()
    .describe('a flag for the answer as a whole'),
  volatile: z
    .array(pointer.min(1, 'the whole answer cannot be volatile: nothing would be compared'))
    .default([])
    .describe('what changes from one answer to the next and is not compared'),
  never: z
    .array(z.string().min(1))
    .default([])
    .describe('texts that must not stand in any answer, such as ${upstream.stats.address}'),
});

export type Contract = z.infer<typeof contractFile>;
export type CallContract = z.infer<typeof callContract>;
