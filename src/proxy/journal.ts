import type { Phase } from './phase.ts';

/** How an exchange, or a connection that was hit before its first request, ended. */
export type End = 'answered' | 'reset' | 'closed' | 'client-gone' | 'upstream-failed' | 'pending';

/** One exchange; or one connection (`call`, `method` and `path` null) that a fault hit before a request was read. */
export interface JournalEntry {
  readonly id: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly run: string | null;
  readonly upstream: string;
  readonly call: string | null;
  readonly method: string | null;
  /** As it came: undecoded, query included. */
  readonly path: string | null;
  readonly status: number | null;
  readonly durationMs: number | null;
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The rules whose scope, match and trigger held. */
  readonly matched: readonly string[];
  /** What was really done, `atMs` after `at`. */
  readonly injected: readonly Injected[];
  readonly unframed: boolean;
  readonly end: End;
}

export interface Injected {
  readonly rule: string;
  readonly fault: string;
  readonly phase: Phase;
  readonly atMs: number;
}

/** What is known of an exchange when its rules have decided. */
export type Opening = Pick<
  JournalEntry,
  'run' | 'upstream' | 'call' | 'method' | 'path' | 'matched'
>;

/** The opening of an entry for a connection on which no request was read. */
export const NO_REQUEST = { call: null, method: null, path: null } as const;

/** An entry that is still being written. */
export interface OpenEntry {
  readonly injected: readonly Injected[];
  fired(rule: string, fault: string, phase: Phase): void;
  complete(
    end: End,
    details?: Partial<Pick<JournalEntry, 'status' | 'bytesIn' | 'bytesOut'>>,
  ): void;
}

export interface JournalQuery {
  readonly run?: string | undefined;
  readonly call?: string | undefined;
  /** An earlier `next`: gives the entries that are new or have changed since. */
  readonly since?: number | undefined;
}

export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  readonly next: number;
  /** Entries of this run were dropped, so nothing can be concluded from what is missing. */
  readonly overflowed: boolean;
}

export interface Journal {
  open(opening: Opening): OpenEntry;
  read(query: JournalQuery): JournalPage;
  /** Forgets a run. */
  forget(run: string): void;
}

/** Entries of a run are kept until it is forgotten, unscoped ones in a ring; both up to `capacity`. */
export function createJournal(clock: () => number, capacity = 10_000): Journal {
  const runs = new Map<string | null, Book>();
  let lastId = 0;
  let changes = 0;

  return {
    open(opening) {
      const record: Row = {
        changed: ++changes,
        entry: {
          id: ++lastId,
          at: clock(),
          ...opening,
          status: null,
          durationMs: null,
          bytesIn: 0,
          bytesOut: 0,
          injected: [],
          unframed: false,
          end: 'pending',
        },
      };
      keep(record);
      const change = (part: Partial<JournalEntry>) => {
        record.entry = { ...record.entry, ...part };
        record.changed = ++changes;
      };
      const sinceOpened = () => clock() - record.entry.at;
      return {
        get injected() {
          return record.entry.injected;
        },
        fired(rule, fault, phase) {
          const injected = { rule, fault, phase, atMs: sinceOpened() };
          change({ injected: [...record.entry.injected, injected] });
        },
        complete(end, details = {}) {
          change({ ...details, end, durationMs: sinceOpened() });
        },
      };
    },
    read({ run, call, since = 0 }) {
      const books = run === undefined ? [...runs.values()] : [runs.get(run) ?? EMPTY];
      const entries = books
        .flatMap(({ records }) => records)
        .filter(
          ({ changed, entry }) => changed > since && (call === undefined || entry.call === call),
        )
        .map(({ entry }) => entry)
        .sort((a, b) => a.id - b.id);
      return { entries, next: changes, overflowed: books.some((book) => book.overflowed) };
    },
    forget(run) {
      runs.delete(run);
    },
  };

  function keep(record: Row): void {
    const { run } = record.entry;
    const book = runs.get(run) ?? { records: [], overflowed: false };
    runs.set(run, book);
    book.records.push(record);
    if (book.records.length <= capacity) return;
    book.records.shift();
    book.overflowed = run !== null;
  }
}

interface Row {
  entry: JournalEntry;
  /** The number of the last change to it: what `since` is compared with. */
  changed: number;
}

interface Book {
  readonly records: Row[];
  overflowed: boolean;
}

const EMPTY: Book = { records: [], overflowed: false };
