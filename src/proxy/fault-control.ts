import { InvalidError, type Problem } from '../common/errors.ts';
import { NO_REQUEST, type Journal, type JournalPage, type JournalQuery } from './journal.ts';
import type { ProxyListener } from './listener.ts';
import { CONNECTION_PHASES } from './phase.ts';
import { parseRule, type PlannedRule, type UpstreamNames } from './rule-spec.ts';
import { viewOf, type ActiveRule, type RuleBook, type RuleView } from './rules.ts';

/**
 * What anyone may do to the faults of a proxy, in this process or over HTTP. `run` limits a rule to the listeners of one
 * run. Every change is whole or not at all, and has taken effect when its promise resolves.
 */
export interface FaultControl {
  /** @throws {InvalidError} whose paths start at the list of rules; nothing has changed then */
  add(rules: readonly unknown[], run?: string): Promise<readonly RuleView[]>;
  /** Puts another rule in the place of one. Undefined when there is no such rule. */
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

export function createFaultControl(parts: Parts): FaultControl {
  const { rules, journal } = parts;
  /** What lifting a rule has to put back. */
  const undos = new Map<ActiveRule, (() => Promise<void>)[]>();

  return {
    async add(specs, run) {
      const planned = parseAll(specs, parts.names());
      const added = planned.map((rule) => rules.add(rule, run ?? null));
      await enforceAll(added);
      return added.map(viewOf);
    },
    async replace(id, spec) {
      const old = find(id);
      if (!old) return undefined;
      const [planned] = parseAll([spec], parts.names());
      await lift(old);
      const rule = rules.add(planned as PlannedRule, old.run, old);
      await enforceAll([rule]);
      return viewOf(rule);
    },
    async remove(id) {
      const rule = find(id);
      if (rule) await lift(rule);
      return rule !== undefined;
    },
    async clear(run) {
      const standing = rules.list(run);
      await Promise.all(standing.map(lift));
      return standing.length;
    },
    rules: (run) => Promise.resolve(rules.list(run).map(viewOf)),
    journal: (query = {}) => Promise.resolve(journal.read(query)),
    forget(run) {
      journal.forget(run);
      rules.forget(run);
      return Promise.resolve();
    },
  };

  function find(id: string): ActiveRule | undefined {
    return rules.list().find((rule) => rule.id === id);
  }

  async function enforceAll(added: readonly ActiveRule[]): Promise<void> {
    try {
      for (const rule of added) await enforce(rule);
    } catch (error) {
      await Promise.all(added.map(lift));
      throw error;
    }
  }

  /** Lets a rule act on what is there already: listeners, and connections that are open. */
  async function enforce(rule: ActiveRule): Promise<void> {
    const { planned } = rule;
    const concerned = parts
      .listeners()
      .filter(
        ({ scope }) =>
          scope.upstream === planned.upstream && (rule.run === null || rule.run === scope.run),
      );
    for (const fault of planned.faults.filter(({ phase }) => CONNECTION_PHASES.includes(phase))) {
      for (const listener of concerned) {
        if (fault.fault.onListener) {
          await occupy(rule, listener, fault);
        } else if (fault.fault.live) {
          listener.actOnLive({ ...fault, rule, random: () => 0 });
        }
      }
    }
  }

  async function occupy(
    rule: ActiveRule,
    listener: ProxyListener,
    { fault, values, phase }: PlannedRule['faults'][number],
  ): Promise<void> {
    const entry = journal.open({
      ...listener.scope,
      ...NO_REQUEST,
      matched: [rule.id],
    });
    const undo = await fault.onListener?.(listener, values);
    entry.fired(rule.id, fault.name, phase);
    const all = undos.get(rule) ?? [];
    undos.set(rule, all);
    all.push(async () => {
      await undo?.();
      entry.complete('closed');
    });
  }

  async function lift(rule: ActiveRule): Promise<void> {
    rules.remove(rule);
    const all = undos.get(rule) ?? [];
    undos.delete(rule);
    await Promise.all(all.map((undo) => undo()));
  }
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
