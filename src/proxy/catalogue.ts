/** What faults and rules there are and how they are written: all that other layers need to know of the proxy's language. */
export { FAULTS, injectSchema, parseInject } from './fault-spec.ts';
export type { FaultName, FaultSpec, PlannedFault } from './fault-spec.ts';
export { matchSchema, parseMatch } from './match.ts';
export type { Match } from './match.ts';
export { formatPlan, parsePlan, ruleOf } from './plan.ts';
export type { PlanStep } from './plan.ts';
export { PHASES } from './phase.ts';
export { parseRule, ruleSchema } from './rule-spec.ts';
export type { PlannedRule, RuleSpec, UpstreamNames } from './rule-spec.ts';
export { TRIGGERS } from './trigger-spec.ts';
