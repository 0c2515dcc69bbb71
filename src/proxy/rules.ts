import { createRandom, type Random } from '../common/random.ts';
import { createActiveRule, newCounts, type ActiveRule, type Counts } from './active-rule.ts';
import type { RequestHead, ResponseHead } from './exchange.ts';
import type { PlannedFault } from './fault-spec.ts';
import { PHASES, type Phase } from './phase.ts';
import { createRuleIndex, type Scope } from './rule-index.ts';
import type { RuleFault } from './placement.ts';
import type { PlannedRule, RuleSpec } from './rule-spec.ts';
import type { Timing } from './timing.ts';

export type { ActiveRule } from './active-rule.ts';
export type { Scope } from './rule-index.ts';

/** A rule as the control API shows it. */
export interface RuleView extends RuleSpec {
  readonly id: string;
  readonly run?: string;
  /** Of a rule that is armed: when it is lifted at the latest, in milliseconds since the epoch. */
  readonly until?: number;
}

/** One fault that a rule has decided to act with, once. */
export interface Firing extends PlannedFault {
  readonly rule: ActiveRule;
  readonly phase: Phase;
  /** The same for all faults of the rule that act on one exchange. */
  readonly random: Random;
}

/** What the rules have decided as far as an exchange is known. */
export interface Decision {
  /** In the order of the phases. */
  readonly firings: readonly Firing[];
  /** Rules that need the request's body to decide. */
  readonly needBody: readonly ActiveRule[];
  /** Rules that need the upstream's response. */
  readonly needResponse: readonly ActiveRule[];
}

/** No rule acts, and none waits to know more: compare with this very object. */
export const NOTHING: Decision = Object.freeze({
  firings: Object.freeze([]),
  needBody: Object.freeze([]),
  needResponse: Object.freeze([]),
});

/** The rules that stand. A rule counts an exchange when its whole match is known to hold, and decides then, once. */
export interface RuleBook {
  /**
   * With `old`, in its place: it keeps the id, the start and the counts, so that no draw is made twice. Without, it gets
   * the next id of its run, unless one is said that is nobody's.
   */
  add(planned: PlannedRule, run: string | null, old?: ActiveRule, id?: string): ActiveRule;
  remove(rule: ActiveRule): void;
  /** The rules of one run, or without an argument all, in the order in which they came. */
  list(run?: string): ActiveRule[];
  /** Decides which rules act on a connection that was just accepted. */
  onConnection(scope: Scope, connection?: object): readonly Firing[];
  /**
   * The same for a connection that was open before the rule came. It counts as one more, unless the rule in whose place
   * this one stands has counted it: the same draw then decides.
   */
  onLive(rule: ActiveRule, connection?: object): readonly Firing[];
  onRequest(scope: Scope, request: RequestHead, call: string | null): Decision;
  /** Goes on with the rules that needed the request's body; some may need the response still. */
  onBody(waiting: readonly ActiveRule[], body: Buffer): Decision;
  /** Goes on with the rules that needed the response. */
  onResponse(waiting: readonly ActiveRule[], response: ResponseHead): readonly Firing[];
  /** An exchange or a connection is over: rules that act on so many at once may act on another. */
  release(firings: readonly Firing[]): void;
  /** Rules came for this run, and it is not forgotten yet. */
  knows(run: string): boolean;
  /** Numbers a run's rules from one again: for when it is over. */
  forget(run: string): void;
}

/** `clock` gives milliseconds since the epoch, in fractions. */
export function createRuleBook(seed: string, clock: () => number, timing?: Timing): RuleBook {
  const rules = new Map<string, ActiveRule>();
  const index = createRuleIndex();
  const numbers = new Map<string | null, number>();
  /** Of each occasion that a rule acts on and that is not over: the draws that its firings share. */
  const held = new WeakSet<Random>();
  let order = 0;

  return {
    add(planned, run, old, id = old?.id ?? nextId(run)) {
      const counts = old?.counts ?? newCounts(order++, clock());
      const rule = createActiveRule({ id, run, planned, counts }, clock);
      rules.set(id, rule);
      index.add(rule);
      return rule;
    },
    remove(rule) {
      // Another may have taken its place.
      if (rules.get(rule.id) === rule) rules.delete(rule.id);
      rule.replaced = rules.has(rule.id);
      index.remove(rule);
      rule.waits.release();
    },
    list: (run) => [...rules.values()].filter((rule) => run === undefined || rule.run === run),
    onConnection: (scope, connection = {}) => fire(index.ofConnection(scope), connection),
    onLive: (rule, connection = {}) =>
      rule.planned.faults.some(({ live }) => live)
        ? fire([rule], connection).filter(({ live }) => live)
        : NOTHING.firings,
    onRequest(scope, request, call) {
      const begun = timing?.begin() ?? 0;
      const decision = decide(index.ofRequest(scope, request, call), false);
      timing?.end(begun);
      return decision;
    },
    onBody(waiting, body) {
      const meant = ({ planned }: ActiveRule) => planned.match?.body?.(body) ?? true;
      return decide(standing(waiting).filter(meant), true);
    },
    onResponse(waiting, response) {
      const meant = ({ planned }: ActiveRule) => planned.match?.response?.(response) ?? true;
      return fire(standing(waiting).filter(meant));
    },
    release(firings) {
      for (const { rule, random } of firings) {
        if (!held.delete(random)) continue;
        rule.counts.active--;
        rule.planned.armed?.over();
      }
    },
    knows: (run) => numbers.has(run),
    forget(run) {
      // An id is never given to two rules at once.
      if (![...rules.values()].some((rule) => rule.run === run)) numbers.delete(run);
    },
  };

  function nextId(run: string | null): string {
    const number = (numbers.get(run) ?? 0) + 1;
    numbers.set(run, number);
    return run === null ? `r${number}` : `${run}.r${number}`;
  }

  /** Lets those act whose whole match holds, and says what the others still need to know. */
  function decide(meant: readonly ActiveRule[], bodyKnown: boolean): Decision {
    if (meant.length === 0) return NOTHING;
    const sure: ActiveRule[] = [];
    const needBody: ActiveRule[] = [];
    const needResponse: ActiveRule[] = [];
    for (const rule of meant) {
      const { match } = rule.planned;
      if (match?.body && !bodyKnown) needBody.push(rule);
      else if (match?.response) needResponse.push(rule);
      else sure.push(rule);
    }
    const firings = fire(sure);
    const nothing = firings.length + needBody.length + needResponse.length === 0;
    return nothing ? NOTHING : { firings, needBody, needResponse };
  }

  /** On a connection; without one, on a request. */
  function fire(meant: readonly ActiveRule[], connection?: object): RuleFiring[] {
    return meant
      .flatMap((rule) => fireOne(rule, connection))
      .sort((a, b) => PHASES.indexOf(a.phase) - PHASES.indexOf(b.phase));
  }

  function fireOne(rule: ActiveRule, connection: object | undefined): RuleFiring[] {
    const { id, counts, planned } = rule;
    const level = connection ? 'connection' : 'request';
    const ordinal = connection ? ordinalOf(connection, counts) : ++counts.request;
    // Draws depend on the seed, the rule and the ordinal alone, so that a run is repeated exactly.
    const drawn = `${seed} ${id} ${ordinal}`;
    const occasion = {
      ordinal,
      elapsedMs: rule.ageMs(),
      active: counts.active,
      draw: () => createRandom(`${drawn} trigger`)(),
    };
    if (!planned.trigger.holds(occasion)) return [];
    counts.active++;
    const random = createRandom(drawn);
    held.add(random);
    return planned.faults
      .filter((fault) => fault.level === level)
      .map((fault) => ({ ...fault, rule, random }));
  }
}

function ordinalOf(connection: object, counts: Counts): number {
  const counted = counts.connections.get(connection);
  if (counted) return counted.ordinal;
  const ordinal = ++counts.connection;
  counts.connections.set(connection, { ordinal });
  return ordinal;
}

type RuleFiring = Firing & RuleFault;

/** A rule that was lifted meanwhile decides nothing any more. */
function standing(rules: readonly ActiveRule[]): readonly ActiveRule[] {
  return rules.filter(({ waits }) => !waits.released);
}

/** How the control API shows a rule. */
export function viewOf({ id, run, planned }: ActiveRule): RuleView {
  const { spec, armed } = planned;
  return {
    id,
    ...(run === null ? {} : { run }),
    ...spec,
    ...(armed ? { until: armed.until } : {}),
  };
}
