import type { Link } from './link.ts';

/** Bytes that went through links, and how many of these are open. */
export interface Traffic {
  /** Came from clients. */
  readonly received: number;
  /** Went to the upstream. */
  readonly forwarded: number;
  /** Came from the upstream. */
  readonly returned: number;
  /** Went to clients. */
  readonly sent: number;
  readonly links: number;
}

/** Whoever adds upstreams chooses how many names there are: the rest is counted as one. */
export const MOST_NAMES = 1000;
export const OTHERS = '(others)';
export const NO_TRAFFIC: Traffic = { received: 0, forwarded: 0, returned: 0, sent: 0, links: 0 };

/** What a link has moved so far: it counts by itself. */
export function trafficOf({ received, up, returned, down }: Link, links: 0 | 1): Traffic {
  return { received, forwarded: up.sent, returned: returned(), sent: down.sent, links };
}

export function plus(a: Traffic, b: Traffic): Traffic {
  return {
    received: a.received + b.received,
    forwarded: a.forwarded + b.forwarded,
    returned: a.returned + b.returned,
    sent: a.sent + b.sent,
    links: a.links + b.links,
  };
}

/** Traffic by the names of upstreams, of those that are closed and those that are open. */
export interface Totals {
  /** One is being closed for good: until that is done it moves bytes. */
  add(upstream: Named, done: PromiseLike<void>): Promise<void>;
  with(open: readonly Named[]): ReadonlyMap<string, Traffic>;
}

interface Named {
  readonly name: string;
  readonly traffic: () => Traffic;
}

export function createTotals(): Totals {
  const closed = new Map<string, Traffic>();
  const closing = new Set<Named>();

  return {
    async add(upstream, done) {
      closing.add(upstream);
      await done;
      closing.delete(upstream);
      into(closed, upstream);
    },
    with(open) {
      const all = new Map(closed);
      for (const upstream of [...closing, ...open]) into(all, upstream);
      return all;
    },
  };
}

/** Names that are too many are counted as one. */
function into(totals: Map<string, Traffic>, { name, traffic }: Named): void {
  const key = totals.has(name) || totals.size < MOST_NAMES ? name : OTHERS;
  totals.set(key, plus(totals.get(key) ?? NO_TRAFFIC, traffic()));
}
