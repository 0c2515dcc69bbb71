import type { Plan } from '../../scenario/events.ts';
import type { CellResult, Result } from '../../scenario/result.ts';
import { causesOf, simplestIs, withoutSentence, type Cause } from '../causes.ts';
import { againLine, cellLines, earlierLines, reasonLines } from '../cell-lines.ts';
import { columns, fill, fits, pad, wrap } from '../columns.ts';
import { exchangeLines } from '../exchange-lines.ts';
import { createPaint, paintVerdict, type Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import { createProgress } from '../progress.ts';
import type { Reporter } from '../reporter.ts';
import { summaryLines } from '../summary-lines.ts';
import { showTime } from '../time.ts';
import { FLAKY_MARK, MARKS } from '../verdicts.ts';

export const list: Reporter = {
  name: 'list',
  summary: 'a line a cell, then what did not hold and why, for people',
  start(options) {
    const { area, verbose = false } = options;
    const paint = createPaint(options.colour);
    const page = (): Page => ({ width: Math.max(MIN_WIDTH, options.width), verbose, paint });
    const progress = createProgress(options.now);
    const draw = () => area?.draw((columns, rows) => progress.lines(columns, rows, paint));
    const print = (lines: readonly string[]) => {
      const text = lines.map((line) => `${line}\n`).join('');
      if (area) area.print(text);
      else options.write(text);
    };
    let plan: Plan | null = null;
    let idWidth = 0;
    return {
      on(event) {
        progress.on(event);
        switch (event.type) {
          case 'run:start':
            plan = event.plan;
            idWidth = idColumn(plan, page());
            break;
          case 'cell:start':
          case 'cell:phase':
            break;
          case 'cell:end':
            print(endedLines(event.cell, idWidth, page()));
            break;
          case 'run:end':
            print(flakyLines(event.result, page()));
            print(troubleLines(event.result, page()));
            print(summaryLines(event.result, plan, page().width, paint));
            area?.clear();
            return;
        }
        draw();
      },
      tick: draw,
      stop: () => area?.clear(),
    };
  },
};

/** Where the times stand below each other; ids that leave them no room are not counted. */
function idColumn({ cells }: Plan, { width }: Page): number {
  const widths = cells.map(({ id }) => columns(printable(id)));
  return Math.max(0, ...widths.filter((taken) => taken <= width - NOTES_WIDTH));
}

function endedLines(cell: CellResult, idWidth: number, page: Page): string[] {
  const { width, verbose, paint } = page;
  const id = printable(cell.id);
  const mark = markOf(cell, paint);
  const notes = notesOf(cell, page).join('  ');
  const head = pad(id, idWidth);
  const first = fits(`  ${head}  ${notes}`, width)
    ? [`${mark} ${head}  ${paint.dim(notes)}`]
    : [`${mark} ${id}`, ...wrap(notes, width - 2).map((line) => `  ${paint.dim(line)}`)];
  if (cell.verdict !== 'passed') return first;
  const more = [
    ...(cell.flaky ? [] : reasonLines(cell.reason, width - 2)),
    ...(verbose ? exchangeLines(cell.exchanges, width - 2, paint) : []),
  ];
  return [...first, ...more.map((line) => `  ${line}`)];
}

function markOf({ verdict, flaky }: CellResult, paint: Paint): string {
  return flaky ? paint.yellow(FLAKY_MARK) : paintVerdict(paint, verdict, MARKS[verdict]);
}

function notesOf(cell: CellResult, { verbose }: Page): string[] {
  const { verdict, reason, durationMs, recoveryMs, attempts, flaky, isolation } = cell;
  if (verdict === 'skipped') return [reason ? `skipped: ${printable(reason)}` : 'skipped'];
  return [
    showTime(durationMs),
    ...(flaky ? ['flaky'] : verdict === 'passed' ? [] : [verdict]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(recoveryMs !== null && (verbose || recoveryMs > SLOW_RECOVERY)
      ? [`recovered in ${showTime(recoveryMs)}`]
      : []),
    ...(verbose ? [isolation] : []),
  ];
}

/** A green run hides none of them: what fails now and then is told once more at its end. */
function flakyLines({ cells }: Result, { width, paint }: Page): string[] {
  const flaky = cells.filter((cell) => cell.flaky);
  return flaky.flatMap((cell) => [
    '',
    `${paint.yellow(FLAKY_MARK)} ${paint.bold(printable(cell.id))}  ${paint.yellow('flaky')}`,
    ...[...earlierLines(cell, width - 2, paint), againLine(cell, paint)].map((line) => `  ${line}`),
  ]);
}

function troubleLines({ cells }: Result, page: Page): string[] {
  return causesOf(cells).flatMap((cause) =>
    page.verbose || cause.others.length === 0
      ? [cause.simplest, ...cause.others].flatMap((cell) => ['', ...aloneLines(cell, page)])
      : ['', ...causeLines(cause, page)],
  );
}

function aloneLines(cell: CellResult, page: Page): string[] {
  const lines = cellLines(cell, page.width - 2, page.paint);
  return [...headingLines(cell, page), ...lines.map(indent)];
}

function causeLines({ verdict, sentence, simplest, others }: Cause, page: Page): string[] {
  const { width, paint } = page;
  const what = `${others.length + 1} cells ${verdict}`;
  const [first = '', ...rest] = wrap(`${what}: ${sentence}`, width - 2);
  const ids = others.slice(0, MAX_OTHERS).map(({ id }) => printable(id));
  const more = others.length - ids.length;
  return [
    `${paintVerdict(paint, verdict, MARKS[verdict])} ${paintVerdict(paint, verdict, what)}${first.slice(what.length)}`,
    ...rest.map((line) => `  ${line}`),
    `  ${simplestIs(verdict)} ${paint.bold(printable(simplest.id))}`,
    ...cellLines(withoutSentence(simplest), width - 2, paint).map(indent),
    `  and ${others.length} more like it (--verbose tells of each):`,
    ...fill(ids, '  ', width - 4).map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function indent(line: string): string {
  return line === '' ? '' : `  ${line}`;
}

function headingLines({ id, verdict }: CellResult, { width, paint }: Page): string[] {
  const mark = paintVerdict(paint, verdict, MARKS[verdict]);
  const word = paintVerdict(paint, verdict, verdict);
  const name = printable(id);
  return fits(`  ${name}  ${verdict}`, width)
    ? [`${mark} ${paint.bold(name)}  ${word}`]
    : [`${mark} ${paint.bold(name)}`, `  ${word}`];
}

interface Page {
  readonly width: number;
  readonly verbose: boolean;
  readonly paint: Paint;
}

/** The mark, and room for a time and a recovery. */
const NOTES_WIDTH = 30;
const MAX_OTHERS = 12;
const SLOW_RECOVERY = 100;
/** Some terminals say that they have no columns at all. */
const MIN_WIDTH = 40;
