import type { Plan } from '../../scenario/events.ts';
import type { CellResult, Result } from '../../scenario/result.ts';
import { causesOf, type Cause } from '../causes.ts';
import { cellLines, reasonLines } from '../cell-lines.ts';
import { columns, fill, fits, pad, wrap } from '../columns.ts';
import { exchangeLines } from '../exchange-lines.ts';
import { createPaint, paintVerdict, type Paint } from '../paint.ts';
import { printable } from '../printable.ts';
import { createProgress } from '../progress.ts';
import type { Reporter } from '../reporter.ts';
import { showTime } from '../time.ts';
import { MARKS, meaningOf, NOT_PASSED } from '../verdicts.ts';

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
            print(troubleLines(event.result, page()));
            print(summaryLines(event.result, plan, page()));
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

function endedLines(cell: CellResult, idWidth: number, { width, verbose, paint }: Page): string[] {
  const id = printable(cell.id);
  const mark = paintVerdict(paint, cell.verdict, MARKS[cell.verdict]);
  const notes = notesOf(cell).join('  ');
  const head = pad(id, idWidth);
  const first = fits(`  ${head}  ${notes}`, width)
    ? [`${mark} ${head}  ${paint.dim(notes)}`]
    : [`${mark} ${id}`, `  ${paint.dim(notes)}`];
  if (cell.verdict !== 'passed') return first;
  const more = [
    ...reasonLines(cell.reason, width - 2),
    ...(verbose ? exchangeLines(cell.exchanges, width - 2, paint) : []),
  ];
  return [...first, ...more.map((line) => `  ${line}`)];
}

function notesOf({ verdict, durationMs, recoveryMs, attempts }: CellResult): string[] {
  return [
    showTime(durationMs),
    ...(verdict === 'passed' ? [] : [verdict]),
    ...(attempts > 1 ? [`${attempts} attempts`] : []),
    ...(recoveryMs !== null && recoveryMs > SLOW_RECOVERY
      ? [`recovered in ${showTime(recoveryMs)}`]
      : []),
  ];
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
  return [...headingLines(cell, page), ...lines.map((line) => `  ${line}`)];
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
    `  the simplest of them is ${paint.bold(printable(simplest.id))}`,
    ...cellLines(simplest, width - 2, paint).map((line) => `  ${line}`),
    `  and ${others.length} more like it (--verbose tells of each):`,
    ...fill(ids, '  ', width - 4).map((line) => `    ${line}`),
    ...(more > 0 ? [`    and ${more} more`] : []),
  ];
}

function headingLines({ id, verdict }: CellResult, { width, paint }: Page): string[] {
  const mark = paintVerdict(paint, verdict, MARKS[verdict]);
  const word = paintVerdict(paint, verdict, verdict);
  const name = printable(id);
  return fits(`  ${name}  ${verdict}`, width)
    ? [`${mark} ${paint.bold(name)}  ${word}`]
    : [`${mark} ${paint.bold(name)}`, `  ${word}`];
}

function summaryLines(result: Result, plan: Plan | null, { width, paint }: Page): string[] {
  const { verdict, cells, counts, exit } = result;
  const counted = (['passed', ...NOT_PASSED] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => paintVerdict(paint, verdict, `${counts[verdict]} ${verdict}`));
  const notRun = (plan?.cells.length ?? cells.length) - cells.length;
  const head = [
    `${cells.length} ${cells.length === 1 ? 'cell' : 'cells'}`,
    showTime(result.durationMs),
    `seed ${printable(result.seed)}`,
  ];
  const word = exit === 0 ? verdict : `${verdict}, exit ${exit}`;
  const warnings = (result.warnings ?? []).flatMap((warning) =>
    wrap(`warning: ${printable(warning)}`, width),
  );
  const [sentence = '', ...rest] = wrap(`${word}: ${meaningOf(result)}`, width);
  return [
    '',
    head.join('  '),
    ...(counted.length > 0 ? [counted.join(', ')] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
    ...(counts.leftOut > 0 ? [`${counts.leftOut} left out: they belong to another system`] : []),
    ...warnings.map((line) => paint.yellow(line)),
    emphasize(sentence, word, result, paint),
    ...rest,
  ];
}

function emphasize(sentence: string, word: string, { verdict }: Result, paint: Paint): string {
  const painted =
    verdict === 'interrupted' ? paint.yellow(word) : paintVerdict(paint, verdict, word);
  return painted + sentence.slice(word.length);
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
