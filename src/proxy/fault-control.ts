import { BrownoutError } from '../common/errors.ts';
import { below, createProblems } from '../common/problems.ts';
import { notReplaced, parseArmed, type ArmedRule, type ArmOptions } from './arm.ts';
import { createEnforcement, every, type Enforcement } from './enforcement.ts';
import { createEventFeed, type ControlEvent } from './events.ts';
import type { Journal, JournalPage, JournalQuery } from './journal.ts';
import { createInTurn } from './in-turn.ts';
import type { ProxyListener } from './listener.ts';
import { parseRule, type PlannedRule, type UpstreamNames } from './rule-spec.ts';
import { viewOf, type ActiveRule, type RuleBook, type RuleView } from './rules.ts';
import { FOREVER } from './waits.ts';

export type { ArmedRule, ArmOptions } from './arm.ts';
export type { ControlEvent } from './events.ts';

/**
 * What anyone may do to the faults of a proxy, in this process or over HTTP. `run` limits a rule to the listeners of one
 * run, and on those that have none to the requests whose baggage names it. Every change is whole or not at all, and has
 * taken effect when its promise resolves.
 */
export interface FaultControl {
  /** @throws {InvalidError} whose paths start at the list of rules; nothing has changed then */
  add(rules: readonly unknown[], run?: string): Promise<readonly RuleView[]>;
  /**
   * Puts another rule in the place of one. Undefined when there is no such rule.
   * @throws {InvalidError} whose paths start at the rule; nothing has changed then
   * @throws {BrownoutError} `armed` for a rule that is armed, `is_toxic` for a toxic of Toxiproxy's routes
   */
  replace(id: string, rule: unknown): Promise<RuleView | undefined>;
  /**
   * Breaks the next request that the rule means, or the next connection that is made where the rule acts on connections:
   * exactly one, whatever comes at once. It is lifted when that is over, or when its time is.
   * @throws {InvalidError} whose paths start at the rule, or at `ttl`
   */
  arm(rule: unknown, options?: ArmOptions): Promise<ArmedRule>;
  /** Lifts one rule; false when there is none of that id. */
  remove(id: string): Promise<boolean>;
  /** Lifts all rules, or all of one run; gives how many. */
  clear(run?: string): Promise<number>;
  rules(run?: string): Promise<readonly RuleView[]>;
  /** @throws {InvalidError} for a `since` that was never given */
  journal(query?: JournalQuery): Promise<JournalPage>;
  /**
   * What happens from now on, of one run or of all, until `signal` aborts or the proxy is disposed. A reader that is too
   * slow loses events, and is told how many.
   */
  events(signal: AbortSignal, query?: EventQuery): AsyncIterable<ControlEvent>;
  /** Forgets what is kept of a run that is over: its journal, and its counting of rules. */
  forget(run: string): Promise<void>;
}

export interface EventQuery {
  readonly run?: string | undefined;
}

interface Parts {
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly rules: RuleBook;
  readonly journal: Journal;
  listeners(): readonly ProxyListener[];
  names(): UpstreamNames;
}

/** A proxy's own control. */
export interface OwnFaultControl extends FaultControl {
  /**
   * Lets a rule stand that is planned already, under an id of its owner's choice; in the place of the one of that id, where
   * there is one: counts, and draws for connections that are open, go on.
   */
  place(planned: PlannedRule, id: string): Promise<RuleView>;
  /** Lets the rules that stand act on a listener that has just been opened; `register` makes it one of the listeners. */
  admit(listener: ProxyListener, register: () => void): Promise<void>;
  /** Nothing more will happen. */
  end(): void;
}

/** The control of one process. Changes are made one after another: lifting a rule never overtakes its coming. */
export function createFaultControl(parts: Parts): OwnFaultControl {
  const { rules, journal } = parts;
  const inTurn = createInTurn();
  const feed = createEventFeed(journal);
  /** What lifting a rule has to put back. */
  const enforced = new Map<ActiveRule, Enforcement[]>();

  return {
    add: (specs, run) =>
      inTurn(async () => {
        const planned = parseAll(specs, parts.names());
        const added = planned.map((rule) => rules.add(rule, run ?? null));
        await enforceAll(added);
        feed.rules(added.map(viewOf), []);
        return added.map(viewOf);
      }),
    replace: (id, spec) =>
      inTurn(async () => {
        const old = find(id);
        if (!old) return undefined;
        if (old.planned.spec.toxic) throw toxicStays(old);
        if (old.planned.armed) throw notReplaced(id);
        return put(parseRule(spec, parts.names()), old);
      }),
    place: (planned, id) =>
      inTurn(async () => {
        const old = find(id);
        if (old) return put(planned, old);
        const rule = rules.add(planned, null, undefined, id);
        await enforceAll([rule]);
        feed.rules([viewOf(rule)], []);
        return viewOf(rule);
      }),
    remove: (id) =>
      inTurn(async () => {
        const rule = find(id);
        if (rule) await liftTelling([rule]);
        return rule !== undefined;
      }),
    clear: (run) =>
      inTurn(async () => {
        const standing = rules.list(run);
        await liftTelling(standing);
        return standing.length;
      }),
    arm: (spec, { run, ttlMs = 60_000 } = {}) =>
      inTurn(async () => {
        const planned = parseArmed(spec, ttlMs, parts.names());
        // Nobody would lift it, and its time would hold the process.
        if (feed.ended)
          throw new BrownoutError('disposed', 'the proxy has been disposed: make another');
        const until = Math.round(parts.clock() + ttlMs);
        const armed = { until, over: () => disarm(rule) };
        const rule = rules.add({ ...planned, armed }, run ?? null);
        // It is not enforced on what is open already: it waits for what comes next.
        void rule.waits.wait(ttlMs, FOREVER).then(armed.over);
        feed.rules([viewOf(rule)], []);
        return { ...viewOf(rule), until };
      }),
    rules: (run) => Promise.resolve(rules.list(run).map(viewOf)),
    journal: async (query = {}) => journal.read(query),
    events: (signal, { run } = {}) => feed.read(signal, run),
    forget(run) {
      journal.forget(run);
      rules.forget(run);
      return Promise.resolve();
    },
    admit: (listener, register) =>
      inTurn(async () => {
        register();
        for (const rule of rules.list()) await enforce(rule, [listener]);
      }),
    end: () => feed.end(),
  };

  function find(id: string): ActiveRule | undefined {
    return rules.list().find((rule) => rule.id === id);
  }

  /** Puts a rule in the place of one. */
  async function put(planned: PlannedRule, old: ActiveRule): Promise<RuleView> {
    const rule = rules.add(planned, old.run, old);
    rules.remove(old);
    // The new rule acts before the old one is put back: a port that both refuse stays closed.
    try {
      await enforceAll([rule]);
    } catch (error) {
      feed.rules([], [viewOf(old)]);
      throw error;
    } finally {
      await lift(old);
    }
    feed.rules([viewOf(rule)], [viewOf(old)]);
    return viewOf(rule);
  }

  async function enforceAll(added: readonly ActiveRule[]): Promise<void> {
    try {
      for (const rule of added) await enforce(rule, parts.listeners());
    } catch (error) {
      await liftAll(added);
      throw error;
    }
  }

  /** Lets a rule act on what is there already: listeners, and connections that are open. */
  async function enforce(rule: ActiveRule, listeners: readonly ProxyListener[]): Promise<void> {
    const { planned, run } = rule;
    for (const listener of listeners) {
      const { scope } = listener;
      if (scope.upstream !== planned.upstream || (run !== null && run !== scope.run)) continue;
      const enforcement = createEnforcement({
        rule,
        listener,
        journal,
        isOpen: () => parts.listeners().includes(listener),
        inTurn,
      });
      if (planned.faults.some(({ level }) => level === 'listener'))
        enforced.set(rule, [...(enforced.get(rule) ?? []), enforcement]);
      await enforcement.begin();
    }
  }

  async function lift(rule: ActiveRule): Promise<void> {
    rules.remove(rule);
    const all = enforced.get(rule) ?? [];
    enforced.delete(rule);
    await every(all.map((enforcement) => enforcement.end()));
  }

  /** What has no more to do with ports is lifted at once, whatever else changes. */
  function disarm(rule: ActiveRule): void {
    if (rule.waits.released) return;
    rules.remove(rule);
    feed.rules([], [viewOf(rule)]);
  }

  async function liftTelling(lifted: readonly ActiveRule[]): Promise<void> {
    try {
      await liftAll(lifted);
    } finally {
      feed.rules([], lifted.map(viewOf));
    }
  }

  /** Lifts them all even where one fails. */
  function liftAll(lifted: readonly ActiveRule[]): Promise<void> {
    return every(lifted.map(lift));
  }
}

function toxicStays({ id, planned }: ActiveRule): BrownoutError {
  const route = `/proxies/${planned.upstream}/toxics/${planned.spec.toxic?.name}`;
  const message = `the rule "${id}" is a toxic: change it by PATCH ${route}`;
  return new BrownoutError('is_toxic', message);
}

function parseAll(specs: readonly unknown[], names: UpstreamNames): PlannedRule[] {
  const problems = createProblems();
  const planned = specs.map((spec, i) =>
    problems.attempt(() => below([i], () => parseRule(spec, names))),
  );
  problems.settle();
  return planned as PlannedRule[];
}
