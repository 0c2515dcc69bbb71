import { InvalidError, type Problem } from '../common/errors.ts';
import { createEnforcement, every, type Enforcement } from './enforcement.ts';
import type { Journal, JournalPage, JournalQuery } from './journal.ts';
import type { ProxyListener } from './listener.ts';
import { parseRule, type PlannedRule, type UpstreamNames } from './rule-spec.ts';
import { viewOf, type ActiveRule, type RuleBook, type RuleView } from './rules.ts';

/**
 * What anyone may do to the faults of a proxy, in this process or over HTTP. `run` limits a rule to the listeners of one
 * run, and on those that have none to the requests whose baggage names it. Every change is whole or not at all, and has taken effect when its promise resolves.
 */
export interface FaultControl {
  /** @throws {InvalidError} whose paths start at the list of rules; nothing has changed then */
  add(rules: readonly unknown[], run?: string): Promise<readonly RuleView[]>;
  /**
   * Puts another rule in the place of one. Undefined when there is no such rule.
   * @throws {InvalidError} whose paths start at the rule; nothing has changed then
   */
  replace(id: string, rule: unknown): Promise<RuleView | undefined>;
  /** Lifts one rule; false when there is none of that id. */
  remove(id: string): Promise<boolean>;
  /** Lifts all rules, or all of one run; gives how many. */
  clear(run?: string): Promise<number>;
  rules(run?: string): Promise<readonly RuleView[]>;
  journal(query?: JournalQuery): Promise<JournalPage>;
  /** Forgets what is kept of a run that is over: its journal, and its counting of rules. */
  forget(run: string): Promise<void>;
}

interface Parts {
  readonly rules: RuleBook;
  readonly journal: Journal;
  listeners(): readonly ProxyListener[];
  names(): UpstreamNames;
}

/** A proxy's own control. */
export interface OwnFaultControl extends FaultControl {
  /** Lets the rules that stand act on a listener that has just been opened; `register` makes it one of the listeners. */
  admit(listener: ProxyListener, register: () => void): Promise<void>;
}

/** The control of one process. Changes are made one after another: lifting a rule never overtakes its coming. */
export function createFaultControl(parts: Parts): OwnFaultControl {
  const { rules, journal } = parts;
  const inTurn = createTurns();
  /** What lifting a rule has to put back. */
  const enforced = new Map<ActiveRule, Enforcement[]>();

  return {
    add: (specs, run) =>
      inTurn(async () => {
        const planned = parseAll(specs, parts.names());
        const added = planned.map((rule) => rules.add(rule, run ?? null));
        await enforceAll(added);
        return added.map(viewOf);
      }),
    replace: (id, spec) =>
      inTurn(async () => {
        const old = find(id);
        if (!old) return undefined;
        const rule = rules.add(parseRule(spec, parts.names()), old.run, old);
        rules.remove(old);
        // The new rule acts before the old one is put back: a port that both refuse stays closed.
        try {
          await enforceAll([rule]);
        } finally {
          await lift(old);
        }
        return viewOf(rule);
      }),
    remove: (id) =>
      inTurn(async () => {
        const rule = find(id);
        if (rule) await lift(rule);
        return rule !== undefined;
      }),
    clear: (run) =>
      inTurn(async () => {
        const standing = rules.list(run);
        await liftAll(standing);
        return standing.length;
      }),
    rules: (run) => Promise.resolve(rules.list(run).map(viewOf)),
    journal: (query = {}) => Promise.resolve(journal.read(query)),
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
  };

  function find(id: string): ActiveRule | undefined {
    return rules.list().find((rule) => rule.id === id);
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

  /** Lifts them all even where one fails. */
  function liftAll(lifted: readonly ActiveRule[]): Promise<void> {
    return every(lifted.map(lift));
  }
}

/** Runs one piece of work after another, whatever became of the one before. */
function createTurns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  };
}

function parseAll(specs: readonly unknown[], names: UpstreamNames): PlannedRule[] {
  const problems: Problem[] = [];
  const planned = specs.map((spec, i) => {
    try {
      return parseRule(spec, names);
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      problems.push(...error.problems.map((p) => ({ ...p, path: [i, ...p.path] })));
      return undefined;
    }
  });
  if (problems.length > 0) throw new InvalidError(problems);
  return planned as PlannedRule[];
}
