import { createLogUpdate } from 'log-update';
import { columns } from './columns.ts';

/** The foot of a terminal, drawn again in place below what stays. */
export interface LiveArea {
  /** Text that stays, above the area; it is seen at the next drawing. */
  print(text: string): void;
  /** Draws these lines as the area, where there are so many columns and lines, unless it has just been drawn. */
  draw(lines: (columns: number, rows: number) => readonly string[]): void;
  /** Takes the area away; what was printed stays. */
  clear(): void;
}

/** The terminal as it is now: people change its size. */
export interface Terminal {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly rows: number;
  /** Milliseconds, of any clock. */
  readonly now: () => number;
}

export function createLiveArea(terminal: Terminal): LiveArea {
  let written = '';
  let printed = '';
  let drawn: { readonly lines: readonly string[]; readonly columns: number } | null = null;
  let last = -Infinity;
  const update = createLogUpdate(
    {
      write: (text: string) => (written += text),
      // One column is left free: many terminals go to the next line with the last one.
      get columns() {
        return terminal.columns - 1;
      },
      get rows() {
        return terminal.rows;
      },
    } as unknown as NodeJS.WritableStream,
    // A cursor that was never hidden is there whatever ends this process.
    { showCursor: true },
  );

  return {
    print(text) {
      printed += text;
    },
    draw(lines) {
      // However many cells end at once, a terminal is not asked to keep up with them.
      if (terminal.now() - last < PAUSE_MS) return;
      last = terminal.now();
      if (printed !== '' || isNarrower()) takeAway();
      const next = lines(terminal.columns, terminal.rows);
      update(next.join('\n'));
      drawn = { lines: next, columns: terminal.columns };
      flush();
    },
    clear() {
      takeAway();
      flush();
    },
  };

  function isNarrower(): boolean {
    return drawn !== null && terminal.columns < drawn.columns;
  }

  function takeAway(): void {
    if (drawn !== null && isNarrower()) {
      // The terminal has folded its lines, of which the library knows nothing.
      const room = Math.max(1, terminal.columns);
      const rows = drawn.lines.map((line) => Math.max(1, Math.ceil(columns(line) / room)));
      written += `\u001b[${rows.reduce((sum, taken) => sum + taken, 0)}F\u001b[J`;
      update.done();
    } else {
      update.clear();
    }
    drawn = null;
    written += printed;
    printed = '';
  }

  function flush(): void {
    if (written !== '') terminal.write(written);
    written = '';
  }
}

const PAUSE_MS = 80;
