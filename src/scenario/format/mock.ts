import { z } from 'zod';
import { FILE, json, NAME } from './common.ts';

const answer = z
  .strictObject({
    status: z.int().min(200).max(599).default(200).describe('200 unless said'),
    headers: z.record(z.string(), z.string()).default({}).describe('headers of the answer'),
    json: json.optional().describe('what is answered, as JSON'),
    body: z.string().optional().describe('what is answered, as it stands'),
  })
  .refine(({ json, body }) => json === undefined || body === undefined, {
    error: 'say either json or body',
  })
  .refine(
    ({ status, json, body }) => !BODILESS.has(status) || (json === undefined && body === undefined),
    {
      error: 'an answer of this status has no body',
    },
  );

/** A mock: what stands in an upstream's place, with an answer for each of its routes. */
export const mockFile = z.strictObject({
  ...FILE,
  mock: NAME.describe('its name, as it calls itself'),
  routes: z
    .record(z.string(), answer)
    .describe('what is answered, by method and path: GET /stats/:product; the first that fits'),
});

export type MockFile = z.infer<typeof mockFile>;

const BODILESS = new Set([204, 304]);
