import type { FaultControl } from '../../proxy/fault-control.ts';
import type { JournalEntry } from '../../proxy/journal.ts';

/** A run's journal, read as it grows: each reading fetches only what is new or has changed. */
export interface CellJournal {
  /** All entries so far, in their order. */
  read(): Promise<readonly JournalEntry[]>;
  /** By the last reading, entries were dropped. */
  readonly overflowed: boolean;
}

export function readJournal(control: Pick<FaultControl, 'journal'>, run: string): CellJournal {
  const entries = new Map<number, JournalEntry>();
  let since = 0;
  let overflowed = false;
  return {
    async read() {
      const page = await control.journal({ run, since });
      since = page.next;
      ({ overflowed } = page);
      for (const entry of page.entries) entries.set(entry.id, entry);
      return [...entries.values()];
    },
    get overflowed() {
      return overflowed;
    },
  };
}
