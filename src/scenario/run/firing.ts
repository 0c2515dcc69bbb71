import type { JournalEntry } from '../../proxy/journal.ts';
import type { SystemSpec } from '../../system/spec.ts';
import type { CellJournal } from './cell-journal.ts';
import { firedWithin, unfiredOf, type Span } from '../judge/judge.ts';
import type { RequestSpec } from '../requests/request.ts';
import type { Standing } from './standing.ts';

/** Keeps count of which planned faults acted on the requests of a cell, by the journal. */
export interface Firing {
  /** Each fault of each standing rule that did. */
  readonly fired: ReadonlySet<string>;
  /** Notes to what upstreams a request comes while all is well. */
  well(spec: RequestSpec, span: Span): Promise<readonly JournalEntry[]>;
  /** Notes what acted on a request: gives all entries, and what the service asked of its upstreams meanwhile. */
  after(
    spec: RequestSpec,
    span: Span,
  ): Promise<{ entries: readonly JournalEntry[]; exchanges: readonly JournalEntry[] }>;
  /** `status on stats.leaderboard`, for each that never did. */
  unfired(): string[];
}

export function createFiring(
  { upstreams }: SystemSpec,
  standing: Pick<Standing, 'now' | 'ever'>,
  journal: CellJournal,
): Firing {
  const fired = new Set<string>();
  /** The upstreams that each request is known to come to. */
  const reached = new Map<string, Set<string>>();

  return {
    fired,
    async well(spec, span) {
      const entries = await journal.read();
      note(spec, entries, span);
      return entries;
    },
    async after(spec, span) {
      const entries = await journal.read();
      const to = reached.get(keyOf(spec)) ?? new Set();
      const isReached = (name: string) => to.has(name);
      for (const key of firedWithin(standing.now, entries, span, isReached, fired)) fired.add(key);
      const exchanges = note(spec, entries, span);
      return { entries, exchanges };
    },
    unfired: () => unfiredOf(standing.ever, fired),
  };

  function note(spec: RequestSpec, entries: readonly JournalEntry[], { from, to }: Span) {
    const meanwhile = entries.filter(({ at }) => at >= from && at <= to);
    const known = reached.get(keyOf(spec)) ?? new Set();
    reached.set(keyOf(spec), known);
    for (const entry of meanwhile) if (cameTo(entry)) known.add(entry.upstream);
    return meanwhile.filter(({ method }) => method !== null);
  }

  /** Of tcp nothing is known but that a connection was made; one that a fault acted on may be the proxy's own. */
  function cameTo({ method, upstream, injected }: JournalEntry): boolean {
    if (method !== null) return true;
    return upstreams[upstream]?.protocol === 'tcp' && injected.length === 0;
  }
}

/** Tells requests apart that may call other upstreams. */
function keyOf(spec: RequestSpec): string {
  return JSON.stringify(spec);
}
