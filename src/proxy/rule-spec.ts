import { z } from 'zod';
import { invalid, InvalidError, type Problem } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { parsedBy, validate } from '../common/validate.ts';
import { injectSchema, parseInject, type FaultSpec } from './fault-spec.ts';
import type { JsonSchema } from './json-schema.ts';
import { matchSchema, parseMatch, type Match } from './match.ts';
import { placeFault, type RuleFault } from './placement.ts';
import {
  ALWAYS,
  parseTrigger,
  timeTriggers,
  triggerSchema,
  type PlannedTrigger,
  type TriggerSpec,
} from './trigger-spec.ts';

/** A rule in full form, as the control API returns it. */
export interface RuleSpec {
  readonly on: string;
  readonly match?: unknown;
  readonly inject: readonly FaultSpec[];
  readonly trigger?: TriggerSpec;
  /** What it was made of, where it came by the routes that Toxiproxy has. */
  readonly toxic?: ToxicSpec;
}

/** A toxic as Toxiproxy's routes show it. */
export interface ToxicSpec {
  readonly attributes: Readonly<Record<string, number>>;
  readonly name: string;
  readonly type: string;
  /** `upstream` or `downstream`, in the case that it was written in. */
  readonly stream: string;
  /** The share of connections that it acts on. */
  readonly toxicity: number;
}

/** The upstreams that a rule may name, and what it may know of each. */
export type UpstreamNames = Readonly<
  Record<
    string,
    {
      readonly calls: readonly string[];
      /** `http` unless said. */
      readonly protocol?: 'http' | 'tcp';
      /** It is reached by TLS. */
      readonly tls?: boolean;
    }
  >
>;

/** A rule whose every name is known and whose every parameter is checked. */
export interface PlannedRule {
  readonly spec: RuleSpec;
  readonly upstream: string;
  /** The call it is limited to; absent where it acts on the whole upstream or by `match`. */
  readonly call?: string;
  readonly match?: Match;
  readonly faults: readonly RuleFault[];
  readonly trigger: PlannedTrigger;
  /** It acts once, and is lifted then. */
  readonly armed?: Armed;
}

/** What makes a rule one that is armed. */
export interface Armed {
  /** Milliseconds since the epoch. */
  readonly until: number;
  /** Told when the one exchange or connection that it acted on is over. */
  over(): void;
}

/**
 * Reads one rule, in full form or with shorthands, against the upstreams there are.
 * @throws {InvalidError} whose paths start at the rule's own value
 */
export function parseRule(value: unknown, upstreams: UpstreamNames): PlannedRule {
  const rule = validate(RULE, value);
  const target = targetOf(rule.on, upstreams);
  if (!target) throw invalid(['on'], unknownTarget(rule.on, upstreams));
  const { upstream, call } = target;
  const { protocol = 'http', tls = false } = upstreams[upstream] ?? {};
  const narrowed = call !== undefined || rule.match !== undefined;
  if (protocol === 'tcp' && narrowed) {
    const message = `"${upstream}" speaks tcp, where no request is read: put the rule on the whole upstream (on: ${upstream})`;
    throw invalid(rule.match ? ['match'] : ['on'], message);
  }
  const problems: Problem[] = [];
  if (call !== undefined && rule.match) {
    const message = `"${rule.on}" names a call already: leave match out, or name the upstream only`;
    problems.push({ path: ['match'], message });
  }
  const place = { upstream, protocol, tls, narrowed, byResponse: !!rule.match?.response };
  const faults = rule.inject.flatMap((planned, i) => {
    const placed = placeFault(planned, place);
    if (typeof placed !== 'string') return [placed];
    const path = Array.isArray((value as { inject: unknown }).inject) ? ['inject', i] : ['inject'];
    problems.push({ path, message: placed });
    return [];
  });
  const lasting = faults.find(({ level }) => level === 'listener');
  if (lasting && rule.trigger && !rule.trigger.time) {
    const message = `${lasting.fault.name} acts on the port itself, whatever is asked there: it takes triggers of time only (${timeTriggers().join(', ')})`;
    problems.push({ path: ['trigger'], message });
  }
  if (problems.length > 0) throw new InvalidError(problems);
  const written = value as { match?: unknown };
  return {
    spec: {
      on: rule.on,
      ...(rule.match ? { match: written.match } : {}),
      inject: rule.inject.map(({ spec }) => spec),
      ...(rule.trigger ? { trigger: rule.trigger.spec } : {}),
    },
    ...target,
    ...(rule.match ? { match: rule.match } : {}),
    faults,
    trigger: rule.trigger ?? ALWAYS,
  };
}

/** JSON Schema of a rule, shorthands included. */
export function ruleSchema(): JsonSchema {
  return {
    type: 'object',
    properties: {
      on: { type: 'string', description: 'an upstream, or one of its calls' },
      match: matchSchema(),
      inject: injectSchema(),
      trigger: triggerSchema(),
    },
    required: ['on', 'inject'],
    additionalProperties: false,
  };
}

const RULE = z.strictObject({
  on: z.string(),
  match: parsedBy(parseMatch).optional(),
  inject: parsedBy(parseInject),
  trigger: parsedBy(parseTrigger).optional(),
});

/** What a name means; undefined where it is no upstream and no call. */
export function targetOf(
  on: string,
  upstreams: UpstreamNames,
): { upstream: string; call?: string } | undefined {
  if (Object.hasOwn(upstreams, on)) return { upstream: on };
  for (const [upstream, { calls }] of Object.entries(upstreams)) {
    const call = calls.find((name) => name === on || `${upstream}.${name}` === on);
    if (call !== undefined) return { upstream, call };
  }
  return undefined;
}

export function unknownTarget(on: string, upstreams: UpstreamNames): string {
  const qualified = on.includes('.');
  const known = Object.entries(upstreams).flatMap(([name, { calls }]) => [
    name,
    ...calls.map((call) => (qualified ? `${name}.${call}` : call)),
  ]);
  return `unknown upstream or call "${on}"${didYouMean(on, known)}`;
}
