import { invalid, type Problem } from '../common/errors.ts';
import { createProblems } from '../common/problems.ts';
import { readAddress, writeAddress, type PlanStep } from './plan-address.ts';
import { placeFault, type RuleFault } from './placement.ts';
import { parseRule, targetOf, unknownTarget, type UpstreamNames } from './rule-spec.ts';
import { parseInject, type PlannedFault } from './fault-spec.ts';

export type { PlanStep } from './plan-address.ts';

/** A step with all that it names found: what acts on which requests. */
export interface PlannedStep {
  readonly step: PlanStep;
  readonly upstream: string;
  /** Absent where it means every request to the upstream. */
  readonly call?: string;
  readonly faults: readonly RuleFault[];
}

/**
 * Reads a plan: `call-or-upstream[#n]=fault[:main-parameter]`, several joined by `+`, as in
 * `leaderboard=hang+player-stats#1=status:503`. What baggage percent-encodes has been decoded before; a `+` in a value is
 * written `%2B`. Without `connections` only what acts on one request may stand in it.
 * @throws {InvalidError} whose messages name the piece that is wrong
 */
export function parsePlan(
  text: string,
  names: UpstreamNames,
  { connections = false }: { readonly connections?: boolean } = {},
): readonly PlanStep[] {
  const check = connections ? checkRule : planStep;
  return eachPiece(text, (piece) => {
    const step = readAddress(piece);
    check(step, names);
    return step;
  });
}

/** The same, ready to act on requests. @throws {InvalidError} */
export function planRequests(text: string, names: UpstreamNames): readonly PlannedStep[] {
  return eachPiece(text, (piece) => planStep(readAddress(piece), names));
}

/**
 * Writes steps as `parsePlan` reads them.
 * @throws {InvalidError} for a fault that takes more than its main parameter
 */
export function formatPlan(steps: readonly PlanStep[]): string {
  return steps.map(writeAddress).join('+');
}

/** A step as a rule, for what stands longer than one request: its `nth` is a trigger then. */
export function ruleOf({ on, nth, inject }: PlanStep): {
  readonly on: string;
  readonly inject: PlanStep['inject'];
  readonly trigger?: { readonly nth: readonly number[] };
} {
  return { on, inject, ...(nth === undefined ? {} : { trigger: { nth: [nth] } }) };
}

function eachPiece<T>(text: string, read: (piece: string) => T): T[] {
  const problems = createProblems();
  const all = text.split('+').map((piece) => {
    const where = JSON.stringify(piece.length > SHOWN ? `${piece.slice(0, SHOWN)}…` : piece);
    const at = ({ message }: Problem) => ({ path: [], message: `${where}: ${message}` });
    return problems.attempt(() => read(piece), at);
  });
  problems.settle();
  return all as T[];
}

function checkRule(step: PlanStep, names: UpstreamNames): void {
  parseRule(ruleOf(step), names);
}

function planStep(step: PlanStep, names: UpstreamNames): PlannedStep {
  const target = targetOf(step.on, names);
  if (!target) throw invalid([], unknownTarget(step.on, names));
  const { upstream } = target;
  const { protocol = 'http', tls = false } = names[upstream] ?? {};
  if (protocol === 'tcp')
    throw invalid([], `"${upstream}" speaks tcp, where no request is read: use a rule`);
  const place = { upstream, protocol, tls, narrowed: true, byResponse: false };
  const faults = parseInject(step.inject).map((planned) => placed(planned, place));
  return { step, ...target, faults };
}

function placed(planned: PlannedFault, place: Parameters<typeof placeFault>[1]): RuleFault {
  const fault = placeFault(planned, place);
  if (typeof fault !== 'string') return fault;
  const { name } = planned.fault;
  // On the whole upstream it would be right: then it acts on connections, and no request can carry it.
  const alone = placeFault(planned, { ...place, narrowed: false });
  const early = typeof alone !== 'string' && alone.level !== 'request';
  throw invalid(
    [],
    early ? `${name} acts on connections, before a request is read: use a rule` : fault,
  );
}

const SHOWN = 80;
