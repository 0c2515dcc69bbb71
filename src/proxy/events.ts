import type { Journal, JournalEntry } from './journal.ts';
import type { RuleView } from './rules.ts';

/** What happens on a proxy. */
export type ControlEvent =
  /** An exchange when a fault first fires on it, and when it ends. */
  | { readonly type: 'exchange'; readonly entry: JournalEntry }
  /** A change that has taken effect. A rule that took another's place is in both, by its id. */
  | {
      readonly type: 'rules';
      readonly added: readonly RuleView[];
      readonly removed: readonly string[];
    }
  /** The reader was too slow for so many events that would have stood here. */
  | { readonly type: 'lost'; readonly count: number };

/** Tells of what happens. While nobody reads, it costs nothing. */
export interface EventFeed {
  rules(added: readonly RuleView[], removed: readonly RuleView[]): void;
  /** All from now on, or what is of one run, until the signal aborts or the feed ends. */
  read(signal: AbortSignal, run?: string): AsyncIterable<ControlEvent>;
  /** Nothing more will happen: all readers come to their end, when they have read what did. */
  end(): void;
  readonly ended: boolean;
}

export function createEventFeed(journal: Journal): EventFeed {
  const readers = new Set<Reader>();
  let ended = false;

  return {
    rules(added, removed) {
      if (added.length + removed.length === 0) return;
      for (const reader of readers) reader.rules(added, removed);
    },
    read(signal, run) {
      const queue = createQueue();
      const meant = (of: string | null | undefined) => run === undefined || of === run;
      const reader: Reader = {
        rules(allAdded, allRemoved) {
          const added = allAdded.filter((rule) => meant(rule.run));
          const removed = allRemoved.filter((rule) => meant(rule.run)).map(({ id }) => id);
          if (added.length + removed.length > 0) queue.push({ type: 'rules', added, removed });
        },
        end() {
          readers.delete(reader);
          forget();
          signal.removeEventListener('abort', stop);
          queue.end();
        },
      };
      const stop = () => {
        reader.end();
        queue.drop();
      };
      const forget = journal.watch((entry) => {
        if (meant(entry.run)) queue.push({ type: 'exchange', entry });
      });
      readers.add(reader);
      signal.addEventListener('abort', stop);
      if (signal.aborted || ended) stop();
      return iterate(queue, stop);
    },
    end() {
      ended = true;
      for (const reader of readers) reader.end();
    },
    get ended() {
      return ended;
    },
  };
}

interface Reader {
  rules(added: readonly RuleView[], removed: readonly RuleView[]): void;
  end(): void;
}

async function* iterate(queue: Queue, stop: () => void): AsyncGenerator<ControlEvent> {
  try {
    for (let event = await queue.next(); event; event = await queue.next()) yield event;
  } finally {
    stop();
  }
}

interface Queue {
  push(event: ControlEvent): void;
  /** The next event, as soon as there is one; undefined at the end. */
  next(): Promise<ControlEvent | undefined>;
  /** Nothing more will come; what waits may be read still. */
  end(): void;
  /** Nobody reads what waits. */
  drop(): void;
}

/** Once it was full, nothing enters before all of it is read: what was lost is one gap, and its reader is told where. */
function createQueue(): Queue {
  const waiting: ControlEvent[] = [];
  let lost = 0;
  let ended = false;
  let wake = () => {};

  return {
    push(event) {
      if (lost > 0 || waiting.length >= MOST_WAITING) lost++;
      else waiting.push(event);
      wake();
    },
    async next() {
      while (!ended && waiting.length === 0 && lost === 0)
        await new Promise<void>((resolve) => (wake = resolve));
      const event = waiting.shift();
      if (event || lost === 0) return event;
      const count = lost;
      lost = 0;
      return { type: 'lost', count };
    },
    end() {
      ended = true;
      wake();
    },
    drop() {
      waiting.length = 0;
      lost = 0;
    },
  };
}

const MOST_WAITING = 1000;
