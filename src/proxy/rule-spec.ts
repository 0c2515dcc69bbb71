import { z } from 'zod';
import { InvalidError, type Problem } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { parsedBy, validate } from '../common/validate.ts';
import { injectSchema, parseInject, type FaultSpec, type PlannedFault } from './fault-spec.ts';
import type { JsonSchema } from './json-schema.ts';
import { matchSchema, parseMatch, type Match } from './match.ts';
import { CONNECTION_PHASES, type Phase } from './phase.ts';
import {
  parseTrigger,
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
}

/** The upstreams that a rule may name, and each one's calls. */
export type UpstreamNames = Readonly<Record<string, readonly string[]>>;

/** A rule whose every name is known and whose every parameter is checked. */
export interface PlannedRule {
  readonly spec: RuleSpec;
  readonly upstream: string;
  /** The call it is limited to; absent where it acts on the whole upstream or by `match`. */
  readonly call?: string;
  readonly match?: Match;
  readonly faults: readonly (PlannedFault & { readonly phase: Phase })[];
  readonly trigger: PlannedTrigger;
}

/**
 * Reads one rule, in full form or with shorthands, against the upstreams there are.
 * @throws {InvalidError} whose paths start at the rule's own value
 */
export function parseRule(value: unknown, upstreams: UpstreamNames): PlannedRule {
  const rule = validate(RULE, value);
  const problems: Problem[] = [];
  const target = targetOf(rule.on, upstreams);
  if (!target) problems.push({ path: ['on'], message: unknownTarget(rule.on, upstreams) });
  if (target?.call !== undefined && rule.match) {
    const message = `"${rule.on}" names a call already: leave match out, or name the upstream only`;
    problems.push({ path: ['match'], message });
  }
  const narrowed = target?.call !== undefined || rule.match !== undefined;
  const faults = rule.inject.map((planned) => ({ ...planned, phase: phaseOf(planned, narrowed) }));
  for (const [i, { fault, phase }] of faults.entries()) {
    const path = Array.isArray((value as { inject: unknown }).inject) ? ['inject', i] : ['inject'];
    if (narrowed && CONNECTION_PHASES.includes(phase)) {
      problems.push({ path, message: tooEarly(fault.name, phase, target?.upstream ?? rule.on) });
    }
    if (fault.onListener && rule.trigger) {
      const message = `${fault.name} acts as long as its rule stands and takes no trigger`;
      problems.push({ path: ['trigger'], message });
    }
  }
  if (problems.length > 0 || !target) throw new InvalidError(problems);
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
    trigger: rule.trigger ?? { spec: {}, holds: () => true },
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

function targetOf(
  on: string,
  upstreams: UpstreamNames,
): { upstream: string; call?: string } | undefined {
  if (Object.hasOwn(upstreams, on)) return { upstream: on };
  for (const [upstream, calls] of Object.entries(upstreams)) {
    const call = calls.find((name) => name === on || `${upstream}.${name}` === on);
    if (call !== undefined) return { upstream, call };
  }
  return undefined;
}

function unknownTarget(on: string, upstreams: UpstreamNames): string {
  const qualified = on.includes('.');
  const known = Object.entries(upstreams).flatMap(([name, calls]) => [
    name,
    ...calls.map((call) => (qualified ? `${name}.${call}` : call)),
  ]);
  return `unknown upstream or call "${on}"${didYouMean(on, known)}`;
}

function phaseOf({ fault, values }: PlannedFault, narrowed: boolean): Phase {
  const at = fault.parameters['at'];
  if (at?.kind !== 'phase') return fault.phaseOf?.(values) ?? fault.phase;
  return (values['at'] as Phase | undefined) ?? (narrowed ? 'request' : 'accept');
}

function tooEarly(fault: string, phase: Phase, upstream: string): string {
  return (
    `${fault} at ${phase} acts on connections, before any path is known: ` +
    `use reset or close with at: request, or put it on the whole upstream (on: ${upstream})`
  );
}
