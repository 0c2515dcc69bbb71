import { counted } from '../common/counted.ts';
import type { Plan } from '../scenario/events.ts';
import type { CellResult, Result } from '../scenario/result.ts';
import { causesOf, simplestIs, withoutSentence, type Cause } from './causes.ts';
import { cellLines, earlierLines } from './cell-lines.ts';
import { codeBlock, codeSpan } from './markdown.ts';
import { createPaint } from './paint.ts';
import { printable } from './printable.ts';
import { summaryLines } from './summary-lines.ts';
import { MARKS } from './verdicts.ts';

/** What came of a run as Markdown of at most `limit` bytes: where that is too few, it ends with how much is left out. */
export function summaryMarkdown(result: Result, plan: Plan | null, limit: number): string {
  const head = [
    `## brownout: ${result.verdict}`,
    codeBlock(summaryLines(result, plan, WIDTH, PLAIN).slice(1)),
  ];
  const causes = causesOf(result.cells).map(causeSection);
  const flaky = result.cells.filter((cell) => cell.flaky).map(flakySection);
  return withinLimit([head.join('\n\n'), ...causes, ...flaky], limit);
}

function causeSection({ verdict, sentence, simplest, others }: Cause): string {
  const count = others.length + 1;
  const what = `${counted(count, 'cell')} ${verdict}`;
  return [
    `### ${MARKS[verdict]} ${what}: ${codeSpan(sentence)}`,
    count === 1 ? idOf(simplest) : `${simplestIs(verdict)} ${idOf(simplest)}`,
    codeBlock(cellLines(withoutSentence(simplest), WIDTH, PLAIN)),
    ...(others.length > 0 ? [othersSection(others)] : []),
  ].join('\n\n');
}

function othersSection(others: readonly CellResult[]): string {
  const more = others.length - MAX_OTHERS;
  return [
    `<details><summary>${others.length} more like it</summary>\n`,
    ...others.slice(0, MAX_OTHERS).map((cell) => `- ${idOf(cell)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
    '\n</details>',
  ].join('\n');
}

function flakySection(cell: CellResult): string {
  return [
    `### ~ flaky: ${idOf(cell)}`,
    codeBlock([...earlierLines(cell, WIDTH, PLAIN), `again    ${printable(cell.replay)}`]),
  ].join('\n\n');
}

function idOf({ id }: CellResult): string {
  return codeSpan(printable(id));
}

function withinLimit(sections: readonly string[], limit: number): string {
  const texts = sections.map((section) => `${section}\n\n`);
  const sizes = texts.map((text) => Buffer.byteLength(text));
  let taken = 0;
  const end = sizes.findIndex((size, i) => {
    const last = i === sizes.length - 1;
    if (taken + size + (last ? 0 : ROOM_FOR_NOTE) > limit) return true;
    taken += size;
    return false;
  });
  if (end < 0) return texts.join('');
  const left = texts.length - end;
  const note = `${left} more ${left === 1 ? 'section is' : 'sections are'} left out, for GitHub takes no more than 1 MiB: add a report of all, such as \`--reporter json=brownout.json\`.\n\n`;
  const kept = texts.slice(0, end).join('');
  return Buffer.byteLength(kept + note) <= limit ? kept + note : kept;
}

const PLAIN = createPaint(false);
const WIDTH = 100;
const MAX_OTHERS = 100;
const ROOM_FOR_NOTE = 200;
