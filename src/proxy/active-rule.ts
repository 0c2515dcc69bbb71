import type { FaultSpec, PlannedFault } from './fault-spec.ts';
import type { PlannedRule } from './rule-spec.ts';
import { createWaits, type Waits } from './waits.ts';

/** A rule that stands. Its waits end when it is lifted. */
export interface ActiveRule {
  readonly id: string;
  readonly run: string | null;
  readonly planned: PlannedRule;
  readonly waits: Waits;
  readonly counts: Counts;
  /** It is lifted, and another has taken its place. */
  replaced: boolean;
  /** How long it has stood, the rules before it in its place included. */
  readonly ageMs: () => number;
  /** What one fault of the rule keeps from one exchange to the next: made once. */
  remember<T>(key: PlannedFault, make: () => T): T;
}

/** What triggers go by. A rule that takes another's place goes on with it, so that no draw is made twice. */
export interface Counts {
  /** The rule's place in the order in which rules came. */
  readonly order: number;
  /** When it came, in milliseconds since the epoch. */
  readonly since: number;
  /** How many connections and how many requests it has matched. */
  connection: number;
  /** What it knows of each connection that it has matched: one is counted once, and drawn for once. */
  readonly connections: WeakMap<object, Counted>;
  request: number;
  /** How many exchanges and connections it acts upon now. */
  active: number;
}

export interface Counted {
  readonly ordinal: number;
  /** What a fault keeps of the connection. */
  kept?: unknown;
}

/** Of a rule that has matched nothing yet. */
export function newCounts(order: number, since: number): Counts {
  return { order, since, connection: 0, connections: new WeakMap(), request: 0, active: 0 };
}

export function createActiveRule(
  own: Pick<ActiveRule, 'id' | 'run' | 'planned' | 'counts'>,
  clock: () => number,
): ActiveRule {
  const memory = new Map<FaultSpec, unknown>();
  return {
    ...own,
    waits: createWaits(),
    replaced: false,
    ageMs: () => clock() - own.counts.since,
    remember<T>({ spec }: PlannedFault, make: () => T): T {
      // By what was written, which every firing of the fault shares.
      if (!memory.has(spec)) memory.set(spec, make());
      return memory.get(spec) as T;
    },
  };
}
