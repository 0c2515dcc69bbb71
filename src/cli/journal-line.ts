import type { JournalEntry } from '../proxy/journal.ts';
import { columns, cut, fits, pad } from '../report/columns.ts';
import { nameOf, requestOf } from '../report/exchange-lines.ts';
import type { Paint } from '../report/paint.ts';
import { printable } from '../report/printable.ts';
import { showTime } from '../report/time.ts';
import { wallClock } from './wall-clock.ts';

export interface LineStyle {
  /** Columns of the line. */
  readonly width: number;
  /** Columns of the upstream's and the call's name. */
  readonly nameWidth: number;
  readonly paint: Paint;
}

/** An exchange in one line: when, what was asked of whom, how it ended, what was injected, and by which plan. */
export function journalLine(entry: JournalEntry, { width, nameWidth, paint }: LineStyle): string {
  const head = `${timeOf(entry.at)}  ${pad(nameOf(entry), nameWidth)}  `;
  const end = ` → ${endOf(entry)}`;
  const done = injectedInto(entry);
  const room = width - columns(`${head}${end}${done && `  ${done}`}`);
  const line = `${head}${requestOf(entry, room, entry.call === null ? undefined : LEAST)}${end}`;
  const left = width - columns(line) - 2;
  if (done === '' || left < 2) return cut(line, width);
  // Which plan it was is said where there is room for all of it.
  const [faults = ''] = done.split('; plan ');
  return `${line}  ${paint.cyan(cut(fits(done, left) ? done : faults, left))}`;
}

function endOf({ status, end, failure, durationMs }: JournalEntry): string {
  const why = failure === undefined ? '' : ` (${printable(failure)})`;
  const ended = end === 'answered' && status !== null ? [] : [`${ENDS[end]}${why}`];
  const what = [...(status === null ? [] : [status]), ...ended].join(', ');
  return durationMs === null ? what : `${what}  ${showTime(durationMs)}`;
}

function injectedInto(entry: JournalEntry): string {
  const { injected, matched } = entry;
  const faults = [...new Set(injected.map(({ fault }) => fault))].join(', ');
  const idle = matched.length > 0 ? `(${matched.join(', ')} did nothing)` : '';
  return printable([faults || idle, planOf(entry)].filter(Boolean).join('; '));
}

/** What the request itself asked to be broken, or why that was not done. */
function planOf({ plan, planProblem }: JournalEntry): string {
  if (planProblem !== undefined) return `plan: ${planProblem.replaceAll('\n', '; ')}`;
  return plan === undefined ? '' : `plan ${plan}`;
}

function timeOf(at: number): string {
  return `${wallClock(at)}.${String(new Date(at).getMilliseconds()).padStart(3, '0')}`;
}

const ENDS: Readonly<Record<JournalEntry['end'], string>> = {
  answered: 'answered',
  reset: 'reset',
  closed: 'closed',
  'client-gone': 'client left',
  'upstream-failed': 'upstream failed',
  pending: 'no end yet',
};
/** Of the path of a call, whose name has said what it is. */
const LEAST = 8;
