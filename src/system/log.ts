/** Keeps the last lines that a service wrote. */
export interface Log {
  readonly lines: readonly string[];
  readonly write: (text: string) => void;
}

export function createLog(): Log {
  const lines: string[] = [];
  let unfinished = '';
  return {
    lines,
    write(text) {
      const parts = (unfinished + text).split('\n');
      unfinished = parts.pop() ?? '';
      lines.push(...parts);
      lines.splice(0, Math.max(0, lines.length - MOST_LINES));
    },
  };
}

const MOST_LINES = 200;
