import type { RunEvent } from '../scenario/events.ts';
import type { Verdict } from '../scenario/result.ts';
import { cut, cutMiddle, fill, fits } from './columns.ts';
import { paintVerdict, type Paint } from './paint.ts';
import { printable } from './printable.ts';
import { showTime } from './time.ts';
import { NOT_PASSED } from './verdicts.ts';

/** How far a run has come, as the events tell it. */
export interface Progress {
  on(event: RunEvent): void;
  /** What is to be seen of it now, where there are so many columns and lines: each line leaves a column free. */
  lines(columns: number, rows: number, paint: Paint): string[];
}

export function createProgress(now: () => number): Progress {
  const since = now();
  const running = new Map<string, Running>();
  const counts = new Map<Counted, number>();
  const count = (what: Counted) => void counts.set(what, (counts.get(what) ?? 0) + 1);
  let total = 0;
  let ended = 0;

  return {
    on(event) {
      if (event.type === 'run:start') total = event.plan.cells.length;
      if (event.type === 'cell:start') running.set(event.id, { phase: 'starting', since: now() });
      if (event.type === 'cell:phase') {
        const before = running.get(event.id) ?? { since: now() };
        running.set(event.id, { ...before, phase: event.phase });
      }
      if (event.type === 'cell:end') {
        running.delete(event.cell.id);
        ended++;
        count(event.cell.verdict);
        if (event.cell.flaky) count('flaky');
      }
    },
    lines(columns, rows, paint) {
      const room = columns - 1;
      const parts = [
        `${ended} of ${total}`,
        ...COUNTED.filter((what) => counts.has(what)).map((what) => `${counts.get(what)} ${what}`),
        `${Math.max(0, total - ended)} left`,
        showTime(now() - since),
      ];
      const head = fill(parts, '  ', room);
      const most = Math.max(1, Math.min(MAX_RUNNING, rows - head.length - 1));
      const shown = [...running].slice(0, running.size > most ? most - 1 : most);
      const rest = running.size - shown.length;
      return [
        ...head.map((line) => paintCounts(line, paint)),
        ...shown.map(([id, cell]) => paint.dim(runningLine(id, cell, now(), room))),
        ...(rest > 0 ? [paint.dim(`  and ${rest} more`)] : []),
      ];
    },
  };
}

/** The id is what is cut, in its middle: both ends tell cells apart, and the time behind it is seen to pass. */
function runningLine(id: string, { phase, since }: Running, now: number, room: number): string {
  const head = `  ${phase.padEnd(PHASE_WIDTH)}  `;
  const waited = now - since;
  const time = waited < SLOW ? '' : `  ${showTime(waited)}`;
  const name = cutMiddle(printable(id), Math.max(MIN_ID, room - head.length - time.length));
  const line = head + name + time;
  return fits(line, room) ? line : cut(line, room);
}

function paintCounts(line: string, paint: Paint): string {
  return line.replace(/\d+ (\w+)/g, (text, what: string) => {
    if (what === 'flaky') return paint.yellow(text);
    const verdict = NOT_PASSED.find((one) => one === what);
    return verdict ? paintVerdict(paint, verdict, text) : text;
  });
}

interface Running {
  readonly phase: 'starting' | 'baseline' | 'fault' | 'recovery';
  readonly since: number;
}

type Counted = Verdict | 'flaky';

const COUNTED = ['passed', 'flaky', ...NOT_PASSED, 'skipped'] as const satisfies Counted[];
const PHASE_WIDTH = 'baseline'.length;
const MAX_RUNNING = 6;
const MIN_ID = 10;
const SLOW = 1000;
