import { cut } from './columns.ts';
import { printable } from './printable.ts';
import type { ReporterOptions } from './reporter.ts';
import { showTime } from './time.ts';

/** One line at the foot of the output, drawn again in place. */
export interface Progress {
  total(cells: number): void;
  started(id: string): void;
  ended(id: string): void;
  readonly draw: () => void;
  readonly clear: () => void;
}

/** Draws nothing where nobody watches. */
export function createProgress({ write, width, live, now }: ReporterOptions): Progress {
  const running: string[] = [];
  let total = 0;
  let done = 0;
  let drawn = false;
  const since = now();

  return {
    total(cells) {
      total = cells;
    },
    started(id) {
      running.push(id);
    },
    ended(id) {
      const index = running.indexOf(id);
      if (index >= 0) running.splice(index, 1);
      done++;
    },
    draw() {
      if (!live) return;
      const line = `${done}/${total}  ${showTime(now() - since)}  ${running.map(printable).join(', ')}`;
      // One column is left free: many terminals go to the next line with the last one.
      write(ERASE + cut(line.trimEnd(), width - 1));
      drawn = true;
    },
    clear() {
      if (drawn) write(ERASE);
      drawn = false;
    },
  };
}

/** To the line's beginning, then erase all of it. */
const ERASE = '\r\u001b[2K';
