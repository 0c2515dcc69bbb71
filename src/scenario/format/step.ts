import { z } from 'zod';
import { InvalidError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import { parsedBy, validate } from '../../common/validate.ts';
import { duration, json, path } from './common.ts';
import { expect, type Expect } from './expect.ts';

const METHODS = ['get', 'post', 'put', 'patch', 'delete', 'head'] as const;

/** A request that a step sends. */
export interface RequestStep {
  readonly kind: 'request';
  readonly method: string;
  readonly path: string;
  readonly as: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  readonly json: unknown;
  readonly repeat: number;
  readonly expect: Expect;
}

/** The contract's own request; `degraded: exact` unless it says otherwise. */
export interface SendStep {
  readonly kind: 'send';
  readonly contract: string;
  readonly repeat: number;
  readonly expect: Expect;
}

/** One thing after another that a scenario does. */
export type Step =
  | RequestStep
  | SendStep
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'stop' | 'start' | 'pause' | 'resume'; readonly upstream: string }
  | { readonly kind: 'clear' };

const shared = {
  repeat: z.int().min(1).max(10_000).default(1).describe('how often it is sent, one after another'),
  expect: expect.default({}).describe('what must hold of the answer'),
};

const requestShape = (method: (typeof METHODS)[number]) =>
  z.strictObject({
    [method]: path.describe('the path, and the query'),
    as: z.string().optional().describe('an identity of the system'),
    headers: z.record(z.string(), z.string()).default({}).describe('headers of the request'),
    json: json.optional().describe('a body, sent as JSON'),
    ...shared,
  });

const upstreamShape = ([kind, what]: [string, string]) => [
  kind,
  z.strictObject({ [kind]: z.string().describe(what) }),
];

/** Each kind of step, told by a key of its own. */
const SHAPES: Readonly<Record<string, z.ZodType>> = {
  ...Object.fromEntries(METHODS.map((method) => [method, requestShape(method)])),
  send: z.strictObject({
    send: z.string().describe('the contract whose request is sent'),
    ...shared,
  }),
  wait: z.strictObject({ wait: duration.describe('does nothing for this long: 250ms, 2s') }),
  clear: z.strictObject({ clear: z.literal('all').describe('lifts every fault') }),
  ...Object.fromEntries(
    Object.entries({
      stop: 'the upstream whose port is closed',
      start: 'the upstream whose port is opened again',
      pause: 'the upstream that falls silent',
      resume: 'the upstream that speaks again',
    }).map(upstreamShape),
  ),
};

export const step = parsedBy(parseStep);

/** Each kind of step, for the JSON Schema. */
export const stepShapes: readonly z.ZodType[] = Object.values(SHAPES);

function parseStep(value: unknown): Step {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : [];
  const key = keys.find((candidate) => Object.hasOwn(SHAPES, candidate));
  if (key === undefined) {
    const hint = didYouMean(keys[0] ?? '', Object.keys(SHAPES));
    throw new InvalidError([{ path: [], message: `not a step${hint}` }]);
  }
  const checked = validate(SHAPES[key] as z.ZodType<Record<string, unknown>>, value);
  const own = checked[key] as string;
  switch (key) {
    case 'send':
      return { ...(checked as unknown as SendStep), kind: key, contract: own };
    case 'wait':
      return { kind: key, ms: Number(own) };
    case 'stop':
    case 'start':
    case 'pause':
    case 'resume':
      return { kind: key, upstream: own };
    case 'clear':
      return { kind: key };
    default:
      return {
        ...(checked as unknown as RequestStep),
        kind: 'request',
        method: key.toUpperCase(),
        path: own,
      };
  }
}
