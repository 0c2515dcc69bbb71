import type { PlannedRule } from '../../proxy/catalogue.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { RuleView } from '../../proxy/rules.ts';
import type { PlannedOnCalls } from '../expectation.ts';
import type { Contract } from '../format/contract.ts';
import type { SuiteRule } from '../suite.ts';

/** A planned rule that stands, under the id that the proxy gave it. */
export interface StandingRule {
  readonly view: RuleView;
  readonly rule: SuiteRule;
}

/** One fault of a rule, and the phase in which the rule lets it act. */
export type PlannedPart = PlannedRule['faults'][number];

/** The time of one request, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The present on the journal's clock. */
export function now(): number {
  return performance.timeOrigin + performance.now();
}

/**
 * Which planned faults acted on a request, by the journal. `reached` tells whether the same request came to an upstream
 * while all was well: a closed port proves nothing of a request that would not have gone there.
 * @param known those that acted before, which are not looked for again: a request may be repeated ten thousand times
 */
export function firedWithin(
  standing: readonly StandingRule[],
  entries: readonly JournalEntry[],
  span: Span,
  reached: (upstream: string) => boolean,
  known: ReadonlySet<string> = new Set(),
): string[] {
  return standing.flatMap(({ view, rule: { planned } }) =>
    planned.faults
      .filter((fault) => !known.has(firedKey(view.id, fault)))
      .filter(({ fault }) => !fault.onListener || reached(planned.upstream))
      .filter((fault) => entries.some((entry) => acted(entry, view.id, fault, span)))
      .map((fault) => firedKey(view.id, fault)),
  );
}

/** A wait or a closed port acts for as long as it lasts; anything else when it begins: a cut before the request cut nothing of it. */
function acted(
  { at, durationMs, injected }: JournalEntry,
  rule: string,
  { fault, phase }: PlannedPart,
  { from, to }: Span,
): boolean {
  const lasts = fault.waits === true || fault.onListener !== undefined;
  const over = durationMs === null ? Infinity : at + durationMs;
  return injected.some((one) => {
    if (one.rule !== rule || one.fault !== fault.name || one.phase !== phase) return false;
    const begun = at + one.atMs;
    return begun <= to && (lasts ? over : begun) >= from;
  });
}

/** One fault of one standing rule. */
function firedKey(rule: string, { fault, phase }: PlannedPart): string {
  return `${rule} ${fault.name} ${phase}`;
}

/** `status on stats.leaderboard`, for each planned fault that never acted on a request. */
export function unfiredOf(planned: readonly StandingRule[], fired: ReadonlySet<string>): string[] {
  const all = planned.flatMap(({ view, rule: { planned } }) =>
    planned.faults
      .filter((fault) => !fired.has(firedKey(view.id, fault)))
      .map(({ fault }) => {
        const what = `${fault.name} on ${planned.spec.on}`;
        // The port was closed: what is missing is a request that is known to go there.
        return fault.onListener
          ? `${what} (no request was sent under it that is known to call ${planned.upstream}: who calls a closed port is not seen, so send the same request while all is well, too)`
          : what;
      }),
  );
  return [...new Set(all)];
}

/** What was planned while a request was made: each rule's faults, and the calls of the contract that they are about. */
export function plannedOnCalls(
  standing: readonly StandingRule[],
  contract: Contract | undefined,
  callsOf: (upstream: string) => readonly string[],
  entries: readonly JournalEntry[],
  fired: ReadonlySet<string>,
): PlannedOnCalls[] {
  const judged = Object.keys(contract?.calls ?? {});
  return standing.flatMap(({ view, rule: { planned } }) => {
    const { call, upstream, match } = planned;
    const hit = () =>
      entries.filter(({ matched }) => matched.includes(view.id)).map((entry) => entry.call);
    const meant = call !== undefined ? [call] : match ? hit() : callsOf(upstream);
    return planned.faults.map((one) => ({
      rule: view.id,
      fault: one.fault.name,
      on: planned.spec.on,
      calls: judged.filter((name) => meant.includes(name)),
      onConnections: actsOnConnections(one),
      fired: fired.has(firedKey(view.id, one)),
    }));
  });
}

/** `leaderboard ×2, player-stats ×1`, or that nothing was called. */
export function callsSeen(exchanges: readonly JournalEntry[]): string {
  const counts = new Map<string, number>();
  for (const { call, method, path } of exchanges) {
    if (method === null) continue;
    const name = call ?? `${method} ${path ?? ''}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const seen = [...counts].map(([name, count]) => `${name} ×${count}`);
  return seen.length > 0 ? `calls that were seen: ${seen.join(', ')}` : 'the service made no call';
}

/** It acts before any request is read. */
function actsOnConnections({ level }: PlannedPart): boolean {
  return level !== 'request';
}
