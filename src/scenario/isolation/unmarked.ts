import type { FaultControl } from '../../proxy/fault-control.ts';
import type { JournalEntry } from '../../proxy/journal.ts';

/** Calls that belong to no run: what an instance that is shared makes of them cannot be said to be anyone's. */
export interface UnmarkedCalls {
  /** The first that was under way at or after `from`, in milliseconds since the epoch; named by what was called. */
  since(from: number): Promise<string | undefined>;
}

/** Reads on in the journal whenever it is asked. */
export function watchUnmarked(control: Pick<FaultControl, 'journal'>): UnmarkedCalls {
  const calls = new Map<number, JournalEntry>();
  let since = 0;
  return {
    async since(from) {
      const page = await control.journal({ since });
      since = page.next;
      for (const entry of page.entries) {
        if (entry.run === null && entry.method !== null) calls.set(entry.id, entry);
      }
      const found = [...calls.values()].find(
        ({ at, durationMs }) => durationMs === null || at + durationMs >= from,
      );
      return found && nameOf(found);
    },
  };
}

/** `stats.board`; what was asked of it where that has no name; of a connection, the upstream. */
export function nameOf({ upstream, call, method, path }: JournalEntry): string {
  if (call !== null) return `${upstream}.${call}`;
  return method === null ? upstream : `${method} ${path} of ${upstream}`;
}
