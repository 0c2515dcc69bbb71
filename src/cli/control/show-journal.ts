import { BrownoutError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { About, ControlClient } from '../../proxy/control/client.ts';
import type { JournalEntry } from '../../proxy/journal.ts';
import type { Io } from '../io.ts';
import { followEvents, lineShower } from './follow-journal.ts';
import type { Reach } from './reach.ts';

export interface JournalOptions extends Reach {
  readonly follow?: true;
  readonly run?: string;
  readonly call?: string;
}

/** Writes the journal, and with `follow` goes on until the user, the reader or the proxy leaves. */
export async function showJournal(
  client: ControlClient,
  at: string,
  options: JournalOptions,
  io: Io,
): Promise<void> {
  const { follow, run, call } = options;
  const about = await client.about();
  if (call !== undefined) checkCall(call, about);
  const stop = AbortSignal.any([io.signal, io.stdout.closed]);
  // Before the journal is read: what happens between the two is in one of them.
  const events = follow ? client.events(stop, { run }) : undefined;
  const { entries, overflowed } = await client.journal({ run, call });
  const show = shower(about, options, io);
  if (overflowed) io.stderr.write('the oldest exchanges of this run are not kept any more\n');
  for (const entry of entries) show(entry);
  if (events) {
    await followEvents(events, entries, show, { call, io });
    if (!stop.aborted) throw new BrownoutError('control_ended', `the proxy at ${at} has ended`);
  } else if (entries.length === 0 && !options.json) io.stdout.write(nothingYet(about, options));
}

function shower(
  { upstreams }: About,
  { json, follow }: JournalOptions,
  { stdout }: Io,
): (entry: JournalEntry) => void {
  if (json) {
    return (entry) => {
      // Whoever follows gets each once, when it is whole.
      if (!follow || entry.end !== 'pending') stdout.write(`${JSON.stringify(entry)}\n`);
    };
  }
  return lineShower(upstreams, stdout);
}

function checkCall(call: string, { upstreams }: About): void {
  const known = [...new Set(upstreams.flatMap(({ calls }) => Object.keys(calls)))];
  if (known.includes(call)) return;
  const which = known.length > 0 ? didYouMean(call, known) : ' (no upstream has named calls)';
  throw new BrownoutError('usage', `unknown call "${call}"${which}`);
}

function nothingYet({ upstreams }: About, { run, call }: JournalOptions): string {
  const first = upstreams.find(({ url }) => url !== undefined);
  const of = [...(call ? [` of ${call}`] : []), ...(run ? [` of run ${run}`] : [])].join('');
  const next = first ? `: ask something of ${first.name} at ${first.url}` : '';
  return `no exchanges${of} yet${next}\n`;
}
