import { InvalidError, messageOf } from '../common/errors.ts';
import { createRandom } from '../common/random.ts';
import { parseTraceparent } from '../common/trace-context.ts';
import { createActiveRule, newCounts, type ActiveRule } from './active-rule.ts';
import { percentDecoded } from './baggage.ts';
import type { RequestHead } from './exchange.ts';
import { planRequests, type PlannedStep } from './plan.ts';
import type { UpstreamNames } from './rule-spec.ts';
import type { Firing, Scope } from './rules.ts';
import { createTraceCounts } from './trace-counts.ts';
import { ALWAYS } from './trigger-spec.ts';

/** What the plan of a request comes to. */
export interface PlanDecision {
  /** What acts; nothing where the plan means other requests. */
  readonly firings: readonly Firing[];
  /** The plan in plain text, where it acts. */
  readonly plan?: string;
  /** Why it does not act. */
  readonly problem?: string;
  /** Such a request must not go on as if nothing had been asked for. */
  readonly refused?: boolean;
}

/** The request that a plan came with. */
export interface PlannedRequest {
  readonly scope: Scope;
  readonly call: string | null;
  readonly request: RequestHead;
}

/** Decides on plans that requests bring along, and keeps nothing of them. */
export interface Plans {
  /** @param written as the baggage says it, percent-encoded */
  decide(written: string, on: PlannedRequest): PlanDecision;
}

/** Where plans are not allowed. */
export const NO_PLANS: Plans = {
  decide: () => ({ firings: [], problem: NOT_ALLOWED }),
};

interface Parts {
  /** Every draw follows from it, the plan and the request, so that one request can be repeated. */
  readonly seed: string;
  readonly clock: () => number;
  readonly names: () => UpstreamNames;
}

export function createPlans({ seed, clock, names }: Parts): Plans {
  const counts = createTraceCounts();
  return {
    decide(written, on) {
      if (written.length > MOST_BYTES) return refused(TOO_LONG);
      const plan = percentDecoded(written);
      let steps: readonly PlannedStep[];
      try {
        steps = planRequests(plan, names());
      } catch (error) {
        if (!(error instanceof InvalidError)) throw error;
        return refused(messageOf(error));
      }
      const acting = due(steps.filter(meansThis(on)), on);
      if (acting.length === 0) return NOTHING;
      return { plan, firings: acting.flatMap((step) => fire(step, plan, on)) };
    },
  };

  /** Of those that mean one request of a trace, the ones that mean this. */
  function due(steps: readonly PlannedStep[], { request }: PlannedRequest): readonly PlannedStep[] {
    if (steps.every(({ step }) => step.nth === undefined)) return steps;
    const traceId = parseTraceparent(request.headers['traceparent'])?.traceId;
    const ordinals = new Map<string, number>();
    for (const { upstream, call = '', step } of steps) {
      const what = `${upstream} ${call}`;
      // Without a trace every request is the first.
      if (step.nth !== undefined && !ordinals.has(what))
        ordinals.set(what, traceId === undefined ? 1 : counts.next(traceId, what));
    }
    return steps.filter(
      ({ upstream, call = '', step: { nth } }) =>
        nth === undefined || nth === ordinals.get(`${upstream} ${call}`),
    );
  }

  function fire(planned: PlannedStep, plan: string, { scope, request }: PlannedRequest): Firing[] {
    const rule = ruleFor(planned, scope);
    const { on, nth = '' } = planned.step;
    const random = createRandom(`${seed} ${plan} ${on}#${nth} ${request.method} ${request.target}`);
    return planned.faults.map((fault) => ({ ...fault, rule, random }));
  }

  /** It stands for this request alone. */
  function ruleFor({ upstream, call, faults, step }: PlannedStep, { run }: Scope): ActiveRule {
    const spec = { on: step.on, inject: faults.map((fault) => fault.spec) };
    const target = call === undefined ? { upstream } : { upstream, call };
    const planned = { spec, ...target, faults, trigger: ALWAYS };
    const counts = newCounts(0, clock());
    return createActiveRule({ id: RULE, run, planned, counts }, clock);
  }
}

function meansThis({ scope, call }: PlannedRequest): (step: PlannedStep) => boolean {
  return (step) =>
    step.upstream === scope.upstream && (step.call === undefined || step.call === call);
}

/** What is wrong of a hundred pieces would fill the journal: its beginning tells enough. */
function refused(why: string): PlanDecision {
  const problem = why.length > MOST_TOLD ? `${why.slice(0, MOST_TOLD)}…` : why;
  return { firings: [], problem, refused: true };
}

const NOTHING: PlanDecision = { firings: [] };
/** How the journal names what a plan has done. */
const RULE = 'plan';
/** As it is encoded: more is refused, for every request would carry it. */
const MOST_BYTES = 1024;
const MOST_TOLD = 1000;
const TOO_LONG = `the plan is longer than ${MOST_BYTES} bytes: use rules`;
const NOT_ALLOWED = 'ignored: this proxy was not started with plans allowed';
