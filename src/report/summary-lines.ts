import { counted } from '../common/counted.ts';
import type { Plan } from '../scenario/events.ts';
import type { CellResult, Result } from '../scenario/result.ts';
import { wrap } from './columns.ts';
import { paintVerdict, type Paint } from './paint.ts';
import { printable } from './printable.ts';
import { showTime } from './time.ts';
import { meaningOf, NOT_PASSED } from './verdicts.ts';

/** What came of a run as a whole, in lines of `width` columns. */
export function summaryLines(
  result: Result,
  plan: Plan | null,
  width: number,
  paint: Paint,
): string[] {
  const { verdict, cells, counts, exit } = result;
  const notRun = (plan?.cells.length ?? cells.length) - cells.length;
  const head = [
    counted(cells.length, 'cell'),
    showTime(result.durationMs),
    `seed ${printable(result.seed)}`,
    ...(plan?.shard ? [`shard ${plan.shard.index} of ${plan.shard.total}`] : []),
  ];
  const word = exit === 0 ? verdict : `${verdict}, exit ${exit}`;
  const warnings = (result.warnings ?? []).flatMap((warning) =>
    wrap(`warning: ${printable(warning)}`, width),
  );
  const [sentence = '', ...rest] = wrap(`${word}: ${meaningOf(result)}`, width);
  return [
    '',
    head.join('  '),
    ...countedLines(result, paint),
    ...isolationLines(cells),
    ...(notRun > 0 && !saysWhy(result, notRun) ? [`${notRun} not run`] : []),
    ...(counts.leftOut > 0
      ? wrap(`${counts.leftOut} left out: they belong to another system`, width)
      : []),
    ...warnings.map((line) => paint.yellow(line)),
    emphasize(sentence, word, result, paint),
    ...rest,
  ];
}

function saysWhy({ warnings = [] }: Result, notRun: number): boolean {
  return warnings.some((warning) => warning.startsWith(`${notRun} not run, `));
}

function countedLines({ counts }: Result, paint: Paint): string[] {
  const counted = (['passed', ...NOT_PASSED, 'skipped'] as const)
    .filter((verdict) => counts[verdict] > 0)
    .map((verdict) => {
      const text = paintVerdict(paint, verdict, `${counts[verdict]} ${verdict}`);
      const flaky = verdict === 'passed' && counts.flaky > 0;
      return flaky ? `${text} (${paint.yellow(`${counts.flaky} flaky`)})` : text;
    });
  return counted.length > 0 ? [counted.join(', ')] : [];
}

/** How soundly they were kept apart decides what a verdict is worth. */
function isolationLines(cells: readonly CellResult[]): string[] {
  const ran = cells.filter(({ verdict }) => verdict !== 'skipped');
  const counted = (['instance', 'baggage', 'exclusive'] as const)
    .map((way) => ({ way, count: ran.filter(({ isolation }) => isolation === way).length }))
    .filter(({ count }) => count > 0)
    .map(({ way, count }) => `${count} ${way}`);
  return counted.length > 0 ? [`isolation: ${counted.join(', ')}`] : [];
}

function emphasize(sentence: string, word: string, { verdict }: Result, paint: Paint): string {
  const painted =
    verdict === 'interrupted' ? paint.yellow(word) : paintVerdict(paint, verdict, word);
  return painted + sentence.slice(word.length);
}
