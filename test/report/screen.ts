import xterm from '@xterm/headless';
import { createLiveArea, type LiveArea } from '../../src/report/live-area.ts';

/** A terminal as people have it, and what stands on it. */
export interface Screen {
  readonly area: LiveArea;
  readonly columns: number;
  /** What the program says of the time. */
  clock: number;
  /** What was written, each time that something was. */
  readonly writes: readonly string[];
  /** Every line that there is, also those above the upper edge; lines that the terminal has folded are whole. */
  lines(): Promise<string[]>;
  /** The lines that can be seen. */
  visible(): Promise<string[]>;
  resize(columns: number, rows: number): Promise<void>;
}

export function openScreen(columns: number, rows: number): Screen {
  const terminal = new xterm.Terminal({
    cols: columns,
    rows,
    scrollback: 100_000,
    // As the line discipline of a terminal does.
    convertEol: true,
    allowProposedApi: true,
  });
  const writes: string[] = [];
  const size = { columns, rows };
  const settled = () => new Promise<void>((resolve) => terminal.write('', resolve));
  const screen: Screen = {
    clock: 0,
    writes,
    get columns() {
      return size.columns;
    },
    area: createLiveArea({
      write(text) {
        writes.push(text);
        terminal.write(text);
      },
      now: () => screen.clock,
      get columns() {
        return size.columns;
      },
      get rows() {
        return size.rows;
      },
    }),
    async lines() {
      await settled();
      return linesFrom(0);
    },
    async visible() {
      await settled();
      return linesFrom(terminal.buffer.active.baseY);
    },
    async resize(columns, rows) {
      await settled();
      Object.assign(size, { columns, rows });
      terminal.resize(columns, rows);
    },
  };
  return screen;

  function linesFrom(first: number): string[] {
    const { active } = terminal.buffer;
    const lines: string[] = [];
    for (let y = first; y < active.length; y++) {
      const line = active.getLine(y);
      const text = line?.translateToString(true) ?? '';
      if (line?.isWrapped && lines.length > 0) lines[lines.length - 1] += text;
      else lines.push(text);
    }
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }
}
