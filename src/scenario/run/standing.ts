import { parseRule } from '../../proxy/catalogue.ts';
import type { FaultControl } from '../../proxy/fault-control.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { CellJournal } from './cell-journal.ts';
import { namesOf } from '../load/named.ts';
import { now, type PlannedPart, type StandingRule } from '../judge/judge.ts';
import { pause } from './pause.ts';
import type { SystemSpec } from '../../system/spec.ts';
import type { SuiteRule } from '../suite.ts';

/** The faults of a cell: those that stand now, and all that ever stood. */
export interface Standing {
  readonly now: readonly StandingRule[];
  readonly ever: readonly StandingRule[];
  arm(rules: readonly SuiteRule[]): Promise<void>;
  /** `refuse` or `hang`, on a whole upstream. */
  hold(upstream: string, fault: string): Promise<void>;
  release(upstream: string, fault: string): Promise<void>;
  clear(): Promise<void>;
}

export function createStanding(
  system: SystemSpec,
  run: string,
  control: FaultControl,
  journal: CellJournal,
  signal: AbortSignal,
): Standing {
  let standing: readonly StandingRule[] = [];
  const ever: StandingRule[] = [];

  return {
    get now() {
      return standing;
    },
    ever,
    arm,
    hold(upstream, fault) {
      const written = { on: upstream, inject: fault };
      return arm([{ written, planned: parseRule(written, namesOf(system)) }]);
    },
    async release(upstream, fault) {
      const lifted = standing.filter(
        ({ rule }) => rule.planned.upstream === upstream && isHold(rule.written, fault),
      );
      standing = standing.filter((one) => !lifted.includes(one));
      for (const { view } of lifted) await control.remove(view.id);
    },
    async clear() {
      await control.clear(run);
      standing = [];
    },
  };

  async function arm(rules: readonly SuiteRule[]): Promise<void> {
    const views = await control.add(
      rules.map(({ written }) => written),
      run,
    );
    const added = views.map((view, i) => ({ view, rule: rules[i] as SuiteRule }));
    standing = [...standing, ...added];
    ever.push(...added);
    await liveCuts(added);
  }

  /**
   * Connections that were open are cut first, and the service has time to see it: what fires then is the request's own.
   * What acts on them later, or on their bytes, has not begun yet, and is not waited for.
   */
  async function liveCuts(added: readonly StandingRule[]): Promise<void> {
    const cutting = added.filter(({ rule }) => rule.planned.faults.some(cutsLive));
    if (cutting.length === 0) return;
    const ids = cutting.map(({ view }) => view.id);
    const underWay = ({ method, durationMs, injected }: JournalEntry) =>
      method === null && durationMs === null && injected.some(({ rule }) => ids.includes(rule));
    const latest = now() + MOST_CUTTING_MS;
    do await pause(POLL_MS, signal);
    while (now() < latest && (await journal.read()).some(underWay));
  }
}

function cutsLive(part: PlannedPart): boolean {
  return part.live && part.fault.waits !== true;
}

function isHold(written: unknown, fault: string): boolean {
  return (written as { inject?: unknown }).inject === fault;
}

const POLL_MS = 5;
const MOST_CUTTING_MS = 1000;
