/** Keeps the last lines that a service wrote. */
export interface Log {
  /** The last may be unfinished: what a program says when it dies often is. */
  readonly lines: readonly string[];
  readonly write: (text: string) => void;
}

export function createLog(): Log {
  const lines: string[] = [];
  let unfinished = '';
  return {
    get lines() {
      return unfinished === '' ? [...lines] : [...lines, unfinished];
    },
    write(text) {
      const parts = (unfinished + text).split('\n');
      unfinished = (parts.pop() ?? '').slice(-LONGEST_LINE);
      lines.push(...parts.map((part) => part.slice(0, LONGEST_LINE)));
      lines.splice(0, Math.max(0, lines.length - MOST_LINES));
    },
  };
}

const MOST_LINES = 200;
const LONGEST_LINE = 10_000;
