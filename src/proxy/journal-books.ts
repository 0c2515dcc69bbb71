/** The entries of one run, or of none. */
export interface Book<Row> {
  readonly rows: readonly Row[];
  /** Entries of it were dropped. */
  readonly overflowed: boolean;
}

/** What the journal keeps, run by run. */
export interface Books<Row> {
  keep(row: Row): void;
  /** One run's, and empty where there is none; without an argument those of all. */
  read(run?: string): readonly Book<Row>[];
  forget(run: string): void;
}

/** How much is kept. */
export interface Capacity {
  /** Entries of each run. */
  readonly entries: number;
  /** Entries of all runs together that strangers have named. */
  readonly strangers: number;
  /** How many such runs. */
  readonly strangeRuns: number;
}

/**
 * Entries of a run are kept until it is forgotten, unscoped ones in a ring. Whoever sends a request may name a run in its
 * baggage: of runs that `isKnown` does not know, the one that was used longest ago goes first.
 */
export function createBooks<Row extends { readonly run: string | null }>(
  capacity: Capacity,
  isKnown: (run: string) => boolean,
): Books<Row> {
  const books = new Map<string | null, OpenBook<Row>>();
  /** Runs of strangers, in the order of their last use. */
  const strangers = new Map<string, OpenBook<Row>>();
  let strangeEntries = 0;
  /** Runs that were dropped whole: who reads one is told. */
  const dropped = new Set<string>();

  return {
    keep(row) {
      const { run } = row;
      let book = books.get(run);
      if (!book) books.set(run, (book = open(run)));
      const strange = run !== null && strangers.delete(run);
      if (strange) strangers.set(run, book);
      if (book.rows.length < capacity.entries) {
        book.rows.push(row);
        if (strange) strangeEntries++;
      } else {
        book.rows[book.oldest] = row;
        book.oldest = (book.oldest + 1) % capacity.entries;
        book.overflowed = run !== null;
      }
      if (strange) makeRoom(book);
    },
    read(run) {
      if (run === undefined) {
        const lost = dropped.size > 0 ? [LOST] : [];
        return [...books.values(), ...lost];
      }
      const book = books.get(run);
      if (book && strangers.delete(run)) strangers.set(run, book);
      return [book ?? (dropped.has(run) ? LOST : EMPTY)];
    },
    forget(run) {
      dropped.delete(run);
      const book = books.get(run);
      books.delete(run);
      if (book && strangers.delete(run)) strangeEntries -= book.rows.length;
    },
  };

  function open(run: string | null): OpenBook<Row> {
    const book = { rows: [], oldest: 0, overflowed: run !== null && dropped.delete(run) };
    if (run !== null && !isKnown(run)) strangers.set(run, book);
    return book;
  }

  /** The book that was just written in stays. */
  function makeRoom(used: OpenBook<Row>): void {
    for (const [run, book] of strangers) {
      const fits = strangeEntries <= capacity.strangers && strangers.size <= capacity.strangeRuns;
      if (fits || book === used) return;
      strangers.delete(run);
      strangeEntries -= book.rows.length;
      // Rules may have come for it since.
      if (!isKnown(run)) drop(run);
    }
  }

  function drop(run: string): void {
    books.delete(run);
    dropped.add(run);
    if (dropped.size > MOST_DROPPED) dropped.delete(dropped.values().next().value as string);
  }
}

interface OpenBook<Row> extends Book<Row> {
  readonly rows: Row[];
  /** Where the next one goes once the book is full. */
  oldest: number;
  overflowed: boolean;
}

const EMPTY: Book<never> = { rows: [], overflowed: false };
const LOST: Book<never> = { rows: [], overflowed: true };
/** Names of runs cost little, but strangers choose how many there are. */
const MOST_DROPPED = 10_000;
