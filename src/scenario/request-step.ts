import { z } from 'zod';
import { asPath, json, pointer, wanted } from './format/common.ts';
import { expect } from './format/expect.ts';
import { mistakesOf } from './load/mistakes.ts';
import { unknownIdentity } from './load/named.ts';
import { defineStep, type OwnRequest, type Sending, type Step, type StepKind } from './step.ts';

const path = z.string().regex(/^(\/|\$\{)/, {
  error: ({ input }) => wanted('a path such as /health', input, asPath),
});
const captureName = z.string().regex(/^[a-z_][\w-]*$/i, 'expected a name such as game_id');

/** What every step that sends a request may say. */
export const SENDING = {
  repeat: z.int().min(1).max(10_000).default(1).describe('how often it is sent, one after another'),
  expect: expect.default({}).describe('what must hold of the answer'),
  capture: z
    .record(
      captureName,
      z.union([pointer, z.strictObject({ header: z.string().describe('its name') })]),
    )
    .default({})
    .describe('what later steps may say as ${name}: a JSON pointer into the body, or a header'),
};

/** The step that sends a request of this method: its key is the method in lower case. */
export function requestStep(method: string): StepKind<Record<string, unknown>> {
  const name = method.toLowerCase();
  return defineStep({
    name,
    schema: z.strictObject({
      [name]: path.describe('the path, and the query, or a captured ${name}'),
      as: z.string().optional().describe('an identity of the system'),
      headers: z.record(z.string(), z.string()).default({}).describe('headers of the request'),
      json: json.optional().describe('a body, sent as JSON'),
      ...SENDING,
    }),
    read(said: Record<string, unknown>) {
      return stepOf(said as unknown as Said, method, String(said[name]));
    },
  });
}

type Said = Omit<OwnRequest, 'method' | 'path'> & Omit<Sending, 'request'>;

function stepOf({ as, headers, json, ...sending }: Said, method: string, path: string): Step {
  const sends = { ...sending, request: { method, path, as, headers, json } };
  return {
    sends,
    mistakes: (named) => [
      ...unknownIdentity(as, named.system, ['as']),
      ...mistakesOf(sends.expect, named, false),
    ],
    run: (stage) => stage.send(sends),
  };
}
