import type { JournalEntry } from '../../../src/proxy/journal.ts';

export type Side = 'client' | 'upstream';

/** One thing that one side does. The next step comes when the other side has seen all of it, save `held` bytes. */
export type Step =
  | { readonly by: Side; readonly does: 'send'; readonly bytes: Buffer; readonly held: number }
  /** `finish` ends its own direction with a FIN and goes on reading; `reset` cuts both with an RST. */
  | { readonly by: Side; readonly does: 'finish' | 'reset' };

/** What the two ends of one connection do, and what the journal of a proxy that follows HTTP says of it. */
export interface Conversation {
  /** A statement, after "passes". */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly entries: readonly ExpectedEntry[];
}

/** What an entry must hold; what is left out here may be anything. */
export type ExpectedEntry = Partial<
  Pick<
    JournalEntry,
    'method' | 'path' | 'status' | 'bytesIn' | 'bytesOut' | 'unframed' | 'end' | 'injected'
  >
>;

export const client = (...text: readonly string[]): Step => send('client', text);
export const upstream = (...text: readonly string[]): Step => send('upstream', text);
/** Sends, and goes on though a proxy may keep the last `held` bytes back: rules decide on whole heads. */
export const partly = (by: Side, text: string, held = text.length): Step => send(by, [text], held);
export const finish = (by: Side): Step => ({ by, does: 'finish' });
export const reset = (by: Side): Step => ({ by, does: 'reset' });

/** A request that is answered: what goes over the wire and the entry that it leaves. */
export function exchange(name: string, request: string, response: string): Conversation {
  return {
    name,
    steps: [client(request), upstream(response)],
    entries: [entry(request, response)],
  };
}

/** A conversation that cannot be framed: plain bytes, in one entry that says so. */
export function unframed(name: string, steps: readonly Step[]): Conversation {
  return { name, steps, entries: [rawEntry(steps)] };
}

/** The entry of a request and its response, as their own bytes tell. */
export function entry(request: string, response: string, more: ExpectedEntry = {}): ExpectedEntry {
  const [method = '', path = ''] = request.split(' ');
  return {
    method,
    path: path.length > LONGEST_PATH ? `${path.slice(0, LONGEST_PATH)}…` : path,
    status: finalStatus(response),
    bytesIn: request.length,
    bytesOut: response.length,
    unframed: false,
    injected: [],
    end: 'answered',
    ...more,
  };
}

/** The entry of a connection in which no messages were told apart: it counts all bytes. */
export function rawEntry(steps: readonly Step[], more: ExpectedEntry = {}): ExpectedEntry {
  return {
    unframed: true,
    bytesIn: sentBy('client', steps).length,
    bytesOut: sentBy('upstream', steps).length,
    injected: [],
    ...more,
  };
}

/** All that a side sends. */
export function sentBy(side: Side, steps: readonly Step[]): Buffer {
  return Buffer.concat(
    steps.flatMap((step) => (step.by === side && step.does === 'send' ? [step.bytes] : [])),
  );
}

/** A message's head: its lines, and the empty one. */
export function head(...lines: readonly string[]): string {
  return [...lines, '', ''].join('\r\n');
}

function send(by: Side, text: readonly string[], held = 0): Step {
  return { by, does: 'send', bytes: Buffer.from(text.join(''), 'latin1'), held };
}

/** The status of the last head but for the interim ones; 101 is final. */
function finalStatus(response: string): number | null {
  const status = /^HTTP\/\d\.\d (\d{3})/.exec(response)?.[1];
  if (status === undefined) return null;
  if (!status.startsWith('1') || status === '101') return Number(status);
  return finalStatus(response.slice(response.indexOf('\r\n\r\n') + 4));
}

/** What the journal keeps of a path. */
const LONGEST_PATH = 4096;
