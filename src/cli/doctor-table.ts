import type { ChalkInstance } from 'chalk';
import type { Verdict } from '../doctor/check.ts';
import type { Examined } from '../doctor/examine.ts';
import { wrap } from '../report/columns.ts';
import { printable } from '../report/printable.ts';

/** What was found, and of what. */
export interface DoctorReport {
  readonly checks: readonly Examined[];
  readonly isolation: string | undefined;
  /** The system file, where there is one. */
  readonly system: string | undefined;
}

/** A table of the machine, one of the service, and what they mean, within `width` columns. */
export function doctorReport(
  { checks, isolation, system }: DoctorReport,
  width: number,
  paint: ChalkInstance,
): string {
  const column = Math.max(...checks.map(({ name }) => name.length)) + 2;
  const table = (title: string, needs: Examined['needs']) => {
    const rows = checks.filter((one) => one.needs === needs);
    return [paint.bold(title), ...rows.map((one) => row(one, column, width, paint)), ''];
  };
  return [
    ...table('This machine', 'machine'),
    ...(system === undefined ? [] : table(`The service of ${printable(system)}`, 'service')),
    ...(isolation === undefined
      ? []
      : [...wrap(`Isolation: ${isolation}.`, Math.max(LEAST_ROOM, width)), '']),
    verdictOf(checks, paint),
    ...(system === undefined ? [TRY_A_SERVICE] : []),
    '',
  ].join('\n');
}

/** What was seen; and where it does not hold, what is needed and what to do. */
function row(
  { name, verdict, proves, seen, advice }: Examined,
  column: number,
  width: number,
  paint: ChalkInstance,
): string {
  // Some terminals say that they have no columns.
  const room = Math.max(LEAST_ROOM, width - 2 - column - MARGIN);
  const lines = (text: string) => text.split('\n').flatMap((line) => wrap(printable(line), room));
  const told = [
    ...lines(seen),
    ...(isBad(verdict) && advice !== undefined
      ? lines(`needed: ${proves}`).map((line) => paint.dim(line))
      : []),
    ...(advice === undefined ? [] : lines(`-> ${advice}`)),
  ];
  const head = `  ${paint.bold(name)}${' '.repeat(column - name.length)}`;
  const mark = paint[COLOURS[verdict]](verdict) + ' '.repeat(MARGIN - verdict.length);
  return told
    .map((line, i) => (i === 0 ? head + mark : ' '.repeat(2 + column + MARGIN)) + line)
    .join('\n');
}

function verdictOf(checks: readonly Examined[], paint: ChalkInstance): string {
  const named = (wanted: Verdict) =>
    checks.filter(({ verdict }) => verdict === wanted).map(({ name }) => name);
  const [failing, unknown] = [named('fails'), named('unknown')];
  if (failing.length > 0) return paint.red(`What does not hold: ${failing.join(', ')}.`);
  if (unknown.length > 0) return paint.yellow(`What could not be proved: ${unknown.join(', ')}.`);
  return paint.green('All that is needed holds.');
}

function isBad(verdict: Verdict): boolean {
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
const LEAST_ROOM = 30;
const TRY_A_SERVICE = 'To look at a service, too: brownout doctor system.yaml';
