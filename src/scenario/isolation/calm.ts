import type { FaultControl } from '../../proxy/fault-control.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import { now, type Span } from '../judge/judge.ts';
import { pause } from '../run/pause.ts';
import { nameOf } from './unmarked.ts';

/**
 * Tells when a service has ended what it was doing. Cells that take turns on one instance have nothing else to tell their
 * calls apart by: one that is late would count as the next cell's.
 */
export interface Calm {
  /** Sees how late it calls while nothing is broken, and what it calls unasked. */
  learn(): Promise<void>;
  /**
   * Waits until no call is under way and none has come for a while after `from`, at the latest `until`; gives the call that
   * was in the way then. After what is healthy the while is as learnt; after a fault there may be more to come.
   */
  reached(span: Span, after: 'health' | 'fault'): Promise<string | undefined>;
  /** Calls that it makes whether or not it is asked anything: these are not waited for. */
  readonly unasked: ReadonlySet<string>;
}

/** @param settle how long after the last answer it may still call, in milliseconds; what is seen of it unless said */
export function watchCalm(
  control: Pick<FaultControl, 'journal' | 'events'>,
  settle: number | undefined,
  signal: AbortSignal,
): Calm {
  const unasked = new Set<string>();
  const underWay = new Map<number, string>();
  let since = 0;
  /** The latest that a call has come after the last answer. */
  let latest = 0;
  let last: { readonly at: number; readonly name: string } | undefined;
  void noteEnds();

  return {
    unasked,
    async learn() {
      const from = now();
      const late = await wait(from, from + MOST_LEARNING_MS, LEARNING_MS);
      if (late !== undefined) {
        for (const name of await namesSince(from)) unasked.add(name);
        // Of no answer: they tell nothing of how late a call may be.
        latest = 0;
      }
      for (const name of underWay.values()) unasked.add(name);
      last = undefined;
    },
    reached: ({ from, to }, after) => wait(from, to, after === 'fault' ? LEAST_MS : 0),
  };

  async function wait(from: number, until: number, least: number): Promise<string | undefined> {
    for (;;) {
      await read(from);
      const quiet = settle ?? Math.max(least, Math.min(2 * latest, MOST_SETTLING_MS));
      const [pending] = [...underWay.values()].filter((name) => !unasked.has(name));
      const left = Math.max(from, last?.at ?? 0) + quiet - now();
      if (pending === undefined && left <= 0) return undefined;
      if (now() >= until) return pending ?? last?.name ?? 'its upstreams';
      await pause(Math.max(1, Math.min(left, POLL_MS)), signal);
    }
  }

  async function read(from: number): Promise<void> {
    const page = await control.journal({ since });
    since = page.next;
    for (const entry of page.entries) {
      const name = nameOf(entry);
      if (entry.durationMs === null && entry.method !== null) underWay.set(entry.id, name);
      else underWay.delete(entry.id);
      if (!isCall(entry) || entry.at < from || unasked.has(name)) continue;
      if (entry.at > (last?.at ?? 0)) last = { at: entry.at, name };
      latest = Math.max(latest, entry.at - from);
    }
  }

  /** A run's part of the journal may be forgotten before its calls have ended. */
  async function noteEnds(): Promise<void> {
    for await (const event of control.events(signal)) {
      if (event.type === 'exchange' && event.entry.durationMs !== null)
        underWay.delete(event.entry.id);
    }
  }

  async function namesSince(from: number): Promise<string[]> {
    const { entries } = await control.journal();
    return entries.filter((entry) => isCall(entry) && entry.at >= from).map(nameOf);
  }
}

/** Of tcp only a connection is seen; one that a fault acted on is no call. */
function isCall({ method, injected }: JournalEntry): boolean {
  return method !== null || injected.length === 0;
}

/** Nothing may come for so long; at the start longer, to see what comes late. */
const LEAST_MS = 50;
const LEARNING_MS = 300;
const MOST_LEARNING_MS = 3000;
const MOST_SETTLING_MS = 4000;
const POLL_MS = 10;
