import type { JournalEntry } from '../proxy/journal.ts';
import type { RuleView } from '../proxy/rules.ts';
import type { PlannedOnCalls } from './expectation.ts';
import type { Contract } from './format/contract.ts';
import type { SuiteRule } from './suite.ts';

/** A planned rule that stands, under the id that the proxy gave it. */
export interface StandingRule {
  readonly view: RuleView;
  readonly rule: SuiteRule;
}

/** The time of one request, in milliseconds since the epoch. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** Which faults were acting at some time within the span: begun before its end, and not over before its start. */
export function firedWithin(entries: readonly JournalEntry[], { from, to }: Span): string[] {
  return entries
    .filter(({ at, durationMs }) => durationMs === null || at + durationMs >= from)
    .flatMap(({ at, injected }) => injected.filter(({ atMs }) => at + atMs <= to))
    .map(({ rule, fault }) => firedKey(rule, fault));
}

export function firedKey(rule: string, fault: string): string {
  return `${rule} ${fault}`;
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
  const called = (name: string) => entries.some((e) => e.method !== null && e.upstream === name);
  return standing.flatMap(({ view, rule: { planned } }) => {
    const { call, upstream, match } = planned;
    const hit = entries
      .filter(({ matched }) => matched.includes(view.id))
      .map((entry) => entry.call);
    const meant = call !== undefined ? [call] : match ? hit : callsOf(upstream);
    return planned.faults.map(({ fault, phase }) => ({
      rule: view.id,
      fault: fault.name,
      on: planned.spec.on,
      calls: judged.filter((name) => meant.includes(name)),
      onConnections: phase === 'accept' || phase === 'handshake',
      // A closed port proves nothing of a service that never came to it.
      fired: fired.has(firedKey(view.id, fault.name)) && (!fault.onListener || called(upstream)),
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
