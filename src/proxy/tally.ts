import type { End } from './journal.ts';
import { MOST_NAMES, OTHERS } from './traffic.ts';

/** What the journal has seen, counted: plain numbers, for every exchange adds to them. */
export interface Tally {
  ended(upstream: string, call: string | null, end: End): void;
  fired(upstream: string, fault: string): void;
  readonly exchanges: () => readonly { upstream: string; call: string; end: End; count: number }[];
  readonly faults: () => readonly { upstream: string; fault: string; count: number }[];
}

export function createTally(): Tally {
  const upstreams = new Map<string, Counts>();

  return {
    ended(upstream, call, end) {
      const { ended } = countsOf(upstream);
      const ends = entry(ended, call ?? NO_CALL, newEnds);
      ends[end] = (ends[end] ?? 0) + 1;
    },
    fired(upstream, fault) {
      const { fired } = countsOf(upstream);
      fired.set(fault, (fired.get(fault) ?? 0) + 1);
    },
    exchanges: () =>
      [...upstreams].flatMap(([upstream, { ended }]) =>
        [...ended].flatMap(([call, ends]) =>
          Object.entries(ends).map(([end, count]) => ({ upstream, call, end: end as End, count })),
        ),
      ),
    faults: () =>
      [...upstreams].flatMap(([upstream, { fired }]) =>
        [...fired].map(([fault, count]) => ({ upstream, fault, count })),
      ),
  };

  function countsOf(upstream: string): Counts {
    return entry(upstreams, upstream, newCounts);
  }

  function entry<T>(map: Map<string, T>, name: string, make: () => T): T {
    const known = map.get(name);
    if (known !== undefined) return known;
    if (map.size >= MOST_NAMES && name !== OTHERS) return entry(map, OTHERS, make);
    const made = make();
    map.set(name, made);
    return made;
  }
}

interface Counts {
  readonly ended: Map<string, Ends>;
  readonly fired: Map<string, number>;
}
type Ends = Partial<Record<End, number>>;

function newCounts(): Counts {
  return { ended: new Map(), fired: new Map() };
}

function newEnds(): Ends {
  return {};
}

/** No call is named so: what is none that is known. */
const NO_CALL = '';
