import { relative, resolve, sep } from 'node:path';
import { counted } from '../../common/counted.ts';
import type { Plan } from '../../scenario/events.ts';
import type { CellResult, Result } from '../../scenario/result.ts';
import { causesOf, simplestIs, type Cause } from '../causes.ts';
import { earlierLines, reasonLines } from '../cell-lines.ts';
import { createPaint } from '../paint.ts';
import { printable } from '../printable.ts';
import type { Reporter } from '../reporter.ts';
import { summaryMarkdown } from '../summary-markdown.ts';
import { meaningOf } from '../verdicts.ts';
import { annotation, type Place } from '../workflow-command.ts';

export const github: Reporter = {
  name: 'github',
  summary: 'an annotation a cause, and a step summary, for GitHub Actions',
  joins: true,
  addsTo: ({ GITHUB_STEP_SUMMARY }) => GITHUB_STEP_SUMMARY,
  start({ write, env = {}, added }) {
    const root = env['GITHUB_WORKSPACE'];
    let plan: Plan | null = null;
    return {
      on(event) {
        if (event.type === 'run:start') plan = event.plan;
        if (event.type !== 'run:end') return;
        const more = added ? 'in the step summary' : 'in the log';
        write(few(errorsOf(event.result, root), 'error', more).join(''));
        write(few(warningsOf(event.result, root), 'warning', more).join(''));
        added?.write(summaryMarkdown(event.result, plan, MOST_BYTES - added.taken));
      },
    };
  },
};

function errorsOf(result: Result, root: string | undefined): string[] {
  const causes = causesOf(result.cells);
  if (causes.length > 0) return causes.map((cause) => errorOf(cause, root));
  if (result.exit === 0) return [];
  return [annotation('error', { title: `brownout: ${result.verdict}` }, meaningOf(result))];
}

function errorOf({ verdict, sentence, simplest, others }: Cause, root: string | undefined): string {
  const count = others.length + 1;
  const lines = [
    sentence,
    ...(simplest.failures.length > 0 ? [] : reasonLines(simplest.reason, WIDTH).slice(1)),
    count === 1 ? printable(simplest.id) : `${simplestIs(verdict)} ${printable(simplest.id)}`,
    `again: ${printable(simplest.replay)}`,
  ];
  const title = `${counted(count, 'cell')} ${verdict}`;
  return annotation('error', { ...placeOf(simplest, root), title }, lines.join('\n'));
}

function warningsOf({ cells, warnings = [] }: Result, root: string | undefined): string[] {
  const flaky = cells.filter((cell) => cell.flaky);
  return [
    ...warnings.map((text) => annotation('warning', { title: 'brownout' }, printable(text))),
    ...flaky.map((cell) =>
      annotation(
        'warning',
        { ...placeOf(cell, root), title: 'flaky' },
        [printable(cell.id), ...earlierLines(cell, WIDTH, PLAIN)].join('\n'),
      ),
    ),
  ];
}

/** GitHub drops those past ten of a step without a word. */
function few(all: readonly string[], level: 'error' | 'warning', more: string): readonly string[] {
  if (all.length <= MOST) return all;
  const left = all.length - MOST + 1;
  const title = level === 'error' ? `${left} more causes` : `${left} more warnings`;
  return [...all.slice(0, MOST - 1), annotation(level, { title }, `${title} are ${more}`)];
}

/** Where the expectation stands that did not hold; GitHub knows files from the root of the repository. */
function placeOf(cell: CellResult, root: string | undefined): Omit<Place, 'title'> {
  const [, file = cell.file, line = cell.line, col = cell.column] =
    /^(.+):(\d+):(\d+)$/s.exec(cell.failures[0]?.at ?? '') ?? [];
  const inRoot = root ? relative(root, resolve(file)).split(sep).join('/') : file;
  return { file: inRoot, line: Number(line), col: Number(col) };
}

const PLAIN = createPaint(false);
const WIDTH = 200;
const MOST = 10;
const MOST_BYTES = 1024 * 1024;
