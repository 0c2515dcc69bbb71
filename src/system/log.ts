/** The last lines that a service wrote. */
export interface LogTail {
  /** The last may be unfinished: what a program says when it dies often is. */
  readonly lines: readonly string[];
  /** How many lines it has written in all, those included that are no longer kept; an unfinished one does not count. */
  readonly count: number;
  /** Those that it has written after the first `count`, as far as they are kept. */
  since(count: number): readonly string[];
}

export interface Log extends LogTail {
  readonly write: (text: string) => void;
}

export function createLog(): Log {
  const lines: string[] = [];
  let count = 0;
  let unfinished = '';
  return {
    get lines() {
      return unfinished === '' ? [...lines] : [...lines, unfinished];
    },
    get count() {
      return count;
    },
    since(before) {
      const written = lines.slice(Math.max(0, lines.length - (count - before)));
      return unfinished === '' ? written : [...written, unfinished];
    },
    write(text) {
      const parts = (unfinished + text).split('\n');
      unfinished = (parts.pop() ?? '').slice(-LONGEST_LINE);
      count += parts.length;
      lines.push(...parts.map((part) => part.slice(0, LONGEST_LINE)));
      lines.splice(0, Math.max(0, lines.length - MOST_LINES));
    },
  };
}

const MOST_LINES = 200;
const LONGEST_LINE = 10_000;
