import type { ControlEvent } from '../../proxy/fault-control.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import { createPaint } from '../../report/paint.ts';
import type { Io, Output } from '../io.ts';
import { journalLine } from '../journal-line.ts';

/** An upstream, as far as its name has to find room. */
interface Named {
  readonly name: string;
  readonly calls: Readonly<Record<string, string>>;
}

/**
 * Shows each exchange when it has ended; one that a fault acts on for long, before that, too.
 * @param shown those that were shown already
 */
export async function followEvents(
  events: AsyncIterable<ControlEvent>,
  shown: readonly JournalEntry[],
  show: (entry: JournalEntry) => void,
  { call, io }: { readonly call: string | undefined; readonly io: Pick<Io, 'stderr'> },
): Promise<void> {
  const over = new Set(shown.filter(({ end }) => end !== 'pending').map(({ id }) => id));
  const waiting = new Map<number, NodeJS.Timeout>();
  try {
    for await (const event of events) {
      if (event.type === 'lost')
        io.stderr.write(`${event.count} events are missing here: they came too fast\n`);
      if (event.type !== 'exchange') continue;
      const { entry } = event;
      if ((call !== undefined && entry.call !== call) || over.delete(entry.id)) continue;
      clearTimeout(waiting.get(entry.id));
      waiting.delete(entry.id);
      if (entry.end !== 'pending') show(entry);
      // What hangs would else be seen when it is over only.
      else waiting.set(entry.id, setTimeout(show, LONG_MS, entry));
    }
  } finally {
    for (const timer of waiting.values()) clearTimeout(timer);
  }
}

/** Writes an exchange in a line. */
export function lineShower(
  upstreams: readonly Named[],
  stdout: Output,
): (entry: JournalEntry) => void {
  const names = upstreams.flatMap(({ name, calls }) => [
    name.length,
    ...Object.keys(calls).map((call) => name.length + 1 + call.length),
  ]);
  const style = {
    width: stdout.width,
    nameWidth: Math.min(WIDEST_NAME, Math.max(0, ...names)),
    paint: createPaint(stdout.colour),
  };
  return (entry) => stdout.write(`${journalLine(entry, style)}\n`);
}

/** How long an exchange that a fault acts on may go on before it is shown without its end. */
const LONG_MS = 1000;
const WIDEST_NAME = 30;
