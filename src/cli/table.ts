import { columns, cut, pad } from '../report/columns.ts';

/**
 * Rows under their heads, in lines of at most `width` columns: where they are longer, the longest columns are cut. A
 * column that is empty in all rows is left out.
 */
export function table(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  width: number,
): string[] {
  const used = heads.map((_, i) => i).filter((i) => rows.some((row) => row[i] !== ''));
  const lines = [heads, ...rows].map((row) => used.map((i) => row[i] ?? ''));
  const widths = used.map((_, i) => Math.max(...lines.map((line) => columns(line[i] ?? ''))));
  const room = width - GAP.length * (used.length - 1);
  while (sum(widths) > room && Math.max(...widths) > NARROWEST) {
    const longest = widths.indexOf(Math.max(...widths));
    widths[longest] = (widths[longest] ?? 0) - 1;
  }
  return lines.map((line) =>
    line
      .map((cell, i) => pad(cut(cell, widths[i] ?? 0), widths[i] ?? 0))
      .join(GAP)
      .trimEnd(),
  );
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

const GAP = '  ';
const NARROWEST = 8;
