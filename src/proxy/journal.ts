import { InvalidError } from '../common/errors.ts';
import { createBooks } from './journal-books.ts';
import type { Phase } from './phase.ts';
import type { Tally } from './tally.ts';

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
  /** As it came: undecoded, query included; cut when it is longer than 4096 characters. */
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
  /** Why the upstream failed, where its connection told: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly failure?: string;
  /** The plan in the request's baggage, where it acts on this request. */
  readonly plan?: string;
  /** Why a plan in the request's baggage did not act. */
  readonly planProblem?: string;
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
  'run' | 'upstream' | 'call' | 'method' | 'path' | 'matched' | 'plan' | 'planProblem'
>;

/** The opening of an entry for a connection on which no request was read. */
export const NO_REQUEST = { call: null, method: null, path: null } as const;

/** An entry that is still being written. */
export interface OpenEntry {
  readonly injected: readonly Injected[];
  /** More rules have matched since it was opened. */
  match(rules: readonly string[]): void;
  fired(rule: string, fault: string, phase: Phase): void;
  /** The bytes could not be followed as HTTP. */
  unframed(): void;
  /** The upstream could not be reached, or its connection broke. */
  failed(error: NodeJS.ErrnoException): void;
  complete(end: End, status?: number | null, bytesIn?: number, bytesOut?: number): void;
}

export interface JournalQuery {
  readonly run?: string | undefined;
  readonly call?: string | undefined;
  /** An earlier `next`: gives the entries that are new or have changed since. */
  readonly since?: number | undefined;
  readonly upstream?: string | undefined;
  /**
   * The most entries that are given. Where there are more, it is those that changed longest ago, and `next` goes on exactly
   * behind them: an entry that changes meanwhile comes again, as it is then.
   */
  readonly limit?: number | undefined;
}

export interface JournalPage {
  readonly entries: readonly JournalEntry[];
  readonly next: number;
  /** Entries of this run were dropped, so nothing can be concluded from what is missing. */
  readonly overflowed: boolean;
}

export interface Journal {
  open(opening: Opening): OpenEntry;
  /** @throws {InvalidError} for a `since` that was never given */
  read(query: JournalQuery): JournalPage;
  /** Forgets a run. */
  forget(run: string): void;
  /** Tells of each entry when a fault first fires on it and when it is complete; gives what ends that. */
  watch(watcher: (entry: JournalEntry) => void): () => void;
}

/**
 * Entries of a run are kept until it is forgotten, unscoped ones in a ring; both up to `capacity`. Runs that `isKnown` does
 * not know share another `capacity`, for anyone may name one.
 */
export function createJournal(
  clock: () => number,
  capacity = 10_000,
  isKnown: (run: string) => boolean = () => true,
  tally?: Tally,
): Journal {
  const limits = { entries: capacity, strangers: capacity, strangeRuns: MOST_STRANGE_RUNS };
  const books = createBooks<Row>(limits, isKnown);
  const watchers = new Set<(entry: JournalEntry) => void>();
  let lastId = 0;
  let changes = 0;

  return {
    open({ run, upstream, call, method, path, matched, plan, planProblem }) {
      const row: Row = {
        id: ++lastId,
        at: clock(),
        run,
        upstream,
        call,
        method,
        path:
          path === null || path.length <= LONGEST_PATH ? path : `${path.slice(0, LONGEST_PATH)}…`,
        status: null,
        durationMs: null,
        bytesIn: 0,
        bytesOut: 0,
        matched,
        injected: NONE,
        unframed: false,
        end: 'pending',
        changed: ++changes,
      };
      if (plan !== undefined) row.plan = plan;
      if (planProblem !== undefined) row.planProblem = planProblem;
      books.keep(row);
      const entry = {
        injected: row.injected,
        match(rules: readonly string[]) {
          row.matched = [...row.matched, ...rules];
          row.changed = ++changes;
        },
        fired(rule: string, fault: string, phase: Phase) {
          row.injected = [...row.injected, { rule, fault, phase, atMs: clock() - row.at }];
          entry.injected = row.injected;
          row.changed = ++changes;
          tally?.fired(row.upstream, fault);
          if (row.injected.length === 1) tell(row);
        },
        unframed() {
          row.unframed = true;
          row.changed = ++changes;
        },
        failed({ code, message }: NodeJS.ErrnoException) {
          if (row.end !== 'pending') return;
          row.failure = code ?? message;
          row.changed = ++changes;
        },
        complete(end: End, status: number | null = null, bytesIn = 0, bytesOut = 0) {
          if (row.end !== 'pending') return;
          row.end = end;
          row.status = status;
          row.bytesIn = bytesIn;
          row.bytesOut = bytesOut;
          row.durationMs = clock() - row.at;
          row.changed = ++changes;
          tally?.ended(row.upstream, row.call, end);
          tell(row);
        },
      };
      return entry;
    },
    read({ run, call, upstream, since = 0, limit = Infinity }) {
      if (since > changes) throw neverGiven(since, changes);
      const read = books.read(run);
      const isFound = (row: Row) =>
        row.changed > since &&
        (call === undefined || row.call === call) &&
        (upstream === undefined || row.upstream === upstream);
      const found = read.flatMap(({ rows }) => rows.filter(isFound));
      const isPage = found.length > limit;
      if (isPage) found.sort((a, b) => a.changed - b.changed).splice(limit);
      const next = isPage ? (found.at(-1)?.changed ?? since) : changes;
      const entries = found.sort((a, b) => a.id - b.id).map(entryOf);
      return { entries, next, overflowed: read.some((book) => book.overflowed) };
    },
    forget(run) {
      books.forget(run);
    },
    watch(watcher) {
      watchers.add(watcher);
      return () => watchers.delete(watcher);
    },
  };

  function tell(row: Row): void {
    if (watchers.size === 0) return;
    const entry = entryOf(row);
    for (const watcher of watchers) watcher(entry);
  }
}

function neverGiven(since: number, latest: number): InvalidError {
  const message = `expected an earlier next (${latest} at most), got ${since}: of another proxy, or of this one before it was started anew? Read without it`;
  return new InvalidError([{ path: ['since'], message }]);
}

function entryOf(row: Row): JournalEntry {
  const entry: JournalEntry & { changed?: number } = { ...row };
  delete entry.changed;
  return entry;
}

/** An entry, written in place: one is made for every exchange. */
type Row = { -readonly [K in keyof JournalEntry]: JournalEntry[K] } & {
  /** The number of the last change to it: what `since` is compared with. */
  changed: number;
};

const NONE: readonly Injected[] = [];
/** What a stranger sends as a path must not fill the memory. */
const LONGEST_PATH = 4096;
const MOST_STRANGE_RUNS = 1000;
