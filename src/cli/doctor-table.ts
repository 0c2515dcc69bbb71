import type { ChalkInstance } from 'chalk';
import type { Verdict } from '../doctor/check.ts';
import type { Examined } from '../doctor/examine.ts';
import { wrap } from '../report/columns.ts';
import { printable } from '../report/printable.ts';

/** A row for each check, within `width` columns: what was seen, and where it does not hold what is needed and what to do. */
export function doctorTable(
  examined: readonly Examined[],
  width: number,
  paint: ChalkInstance,
): string {
  const column = Math.max(...examined.map(({ name }) => name.length)) + 2;
  const row = ({ name, verdict, proves, seen, advice }: Examined) => {
    const lines = (text: string) => text.split('\n').flatMap((line) => wrap(printable(line), room));
    const room = width - 2 - column - MARGIN;
    const told = [
      ...lines(seen),
      ...(bad(verdict) ? lines(`needed: ${proves}`).map((line) => paint.dim(line)) : []),
      ...(advice === undefined ? [] : lines(`-> ${advice}`)),
    ];
    const head = `  ${paint.bold(name)}${' '.repeat(column - name.length)}`;
    const mark = paint[COLOURS[verdict]](verdict) + ' '.repeat(MARGIN - verdict.length);
    return told
      .map((line, i) => (i === 0 ? head + mark : ' '.repeat(2 + column + MARGIN)) + line)
      .join('\n');
  };
  return `${examined.map(row).join('\n')}\n`;
}

/** The last line: whether it can be worked with. */
export function doctorVerdict(examined: readonly Examined[], paint: ChalkInstance): string {
  const named = (wanted: Verdict) =>
    examined.filter(({ verdict }) => verdict === wanted).map(({ name }) => name);
  const [failing, unknown] = [named('fails'), named('unknown')];
  if (failing.length > 0) return paint.red(`What does not hold: ${failing.join(', ')}.`);
  if (unknown.length > 0) return paint.yellow(`What could not be proved: ${unknown.join(', ')}.`);
  return paint.green('All that is needed holds.');
}

function bad(verdict: Verdict): boolean {
  return verdict === 'fails' || verdict === 'unknown';
}

const COLOURS = {
  holds: 'green',
  fails: 'red',
  unknown: 'yellow',
  'not needed': 'dim',
} as const satisfies Record<Verdict, string>;
/** The longest verdict, and a gap. */
const MARGIN = 'not needed'.length + 2;
