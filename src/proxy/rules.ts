import { createRandom, type Random } from '../common/random.ts';
import type { RequestHead } from './exchange.ts';
import type { Fault } from './fault.ts';
import type { PlannedFault } from './fault-spec.ts';
import { CONNECTION_PHASES, PHASES, type Phase } from './phase.ts';
import type { PlannedRule, RuleSpec } from './rule-spec.ts';
import { createWaits, type Waits } from './waits.ts';

/** A rule as the control API shows it. */
export interface RuleView extends RuleSpec {
  readonly id: string;
  readonly run?: string;
}

/** A rule that stands. Its waits end when it is lifted. */
export interface ActiveRule {
  readonly id: string;
  readonly run: string | null;
  readonly planned: PlannedRule;
  readonly waits: Waits;
  /** How many connections and how many requests it has matched: what triggers count. */
  readonly matched: { connection: number; request: number };
}

/** One fault that a rule has decided to act with, once. */
export interface Firing extends PlannedFault {
  readonly rule: ActiveRule;
  readonly phase: Phase;
  readonly random: Random;
}

export interface RuleBook {
  /** With `old`, in its place: it keeps the id and the counts, so that no draw is made twice. */
  add(planned: PlannedRule, run: string | null, old?: ActiveRule): ActiveRule;
  remove(rule: ActiveRule): void;
  /** The rules of one run, or without an argument all. */
  list(run?: string): ActiveRule[];
  /** Decides, once, which rules act on a request; counts it. In the order of the phases. */
  onRequest(scope: Scope, request: RequestHead, call: string | null): Firing[];
  /** The same for a connection that was just accepted. */
  onConnection(scope: Scope): Firing[];
  /** The same for a connection that was open before the rule came: it counts as one more. */
  onLive(rule: ActiveRule): Firing[];
  /** Numbers a run's rules from one again: for when it is over. */
  forget(run: string): void;
}

/** Where a request came in: rules of another run or upstream do not see it. */
export interface Scope {
  readonly run: string | null;
  readonly upstream: string;
}

export function createRuleBook(seed: string): RuleBook {
  const rules = new Set<ActiveRule>();
  // Looked up per request: only the rules of its own run and upstream, and the unscoped ones, are ever asked.
  const index = new Map<string, Set<ActiveRule>>();
  const counters = new Map<string | null, number>();

  return {
    add(planned, run, old) {
      const { id, matched } = old ?? { id: nextId(run), matched: { connection: 0, request: 0 } };
      const rule: ActiveRule = { id, run, planned, waits: createWaits(), matched };
      rules.add(rule);
      const key = keyOf({ run, upstream: planned.upstream });
      index.set(key, (index.get(key) ?? new Set()).add(rule));
      return rule;
    },
    remove(rule) {
      rules.delete(rule);
      const key = keyOf({ run: rule.run, upstream: rule.planned.upstream });
      index.get(key)?.delete(rule);
      if (index.get(key)?.size === 0) index.delete(key);
      rule.waits.release();
    },
    list: (run) => [...rules].filter((rule) => run === undefined || rule.run === run),
    onRequest: (scope, request, call) =>
      decide(scope, 'request', (rule) => meant(rule.planned, request, call)),
    onConnection: (scope) => decide(scope, 'connection', () => true),
    onLive(rule) {
      const acts = rule.planned.faults.some(({ fault, phase }) => isLive(fault, phase));
      return acts
        ? fire(rule, 'connection').filter(({ fault, phase }) => isLive(fault, phase))
        : [];
    },
    forget(run) {
      // An id is never given to two rules at once.
      if (![...rules].some((rule) => rule.run === run)) counters.delete(run);
    },
  };

  function nextId(run: string | null): string {
    const number = (counters.get(run) ?? 0) + 1;
    counters.set(run, number);
    return run === null ? `r${number}` : `${run}.r${number}`;
  }

  function decide(scope: Scope, level: Level, matches: (rule: ActiveRule) => boolean): Firing[] {
    return [...candidates(scope)]
      .filter((rule) => rule.planned.faults.some(({ phase }) => levelOf(phase) === level))
      .filter(matches)
      .flatMap((rule) => fire(rule, level))
      .sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));
  }

  function fire(rule: ActiveRule, level: Level): Firing[] {
    const ordinal = ++rule.matched[level];
    if (!rule.planned.trigger.holds({ ordinal })) return [];
    // Draws depend on the seed, the rule and the ordinal alone, so that a run is repeated exactly.
    const random = createRandom(`${seed} ${rule.id} ${ordinal}`);
    return rule.planned.faults
      .filter(({ phase }) => levelOf(phase) === level)
      .map((fault) => ({ ...fault, rule, random }));
  }

  function* candidates(scope: Scope): Generator<ActiveRule> {
    yield* index.get(keyOf(scope)) ?? [];
    if (scope.run !== null) yield* index.get(keyOf({ ...scope, run: null })) ?? [];
  }
}

type Level = 'connection' | 'request';

function levelOf(phase: Phase): Level {
  return CONNECTION_PHASES.includes(phase) ? 'connection' : 'request';
}

function isLive(fault: Fault, phase: Phase): boolean {
  return fault.live === true && levelOf(phase) === 'connection';
}

function meant(planned: PlannedRule, request: RequestHead, call: string | null): boolean {
  if (planned.call !== undefined) return planned.call === call;
  return planned.match?.(request) ?? true;
}

function keyOf({ run, upstream }: Scope): string {
  return JSON.stringify([run, upstream]);
}

/** How the control API shows a rule. */
export function viewOf({ id, run, planned }: ActiveRule): RuleView {
  return { id, ...(run === null ? {} : { run }), ...planned.spec };
}
