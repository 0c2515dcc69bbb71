import { STATUS_CODES } from 'node:http';
import { relative } from 'node:path';
import { cut, fits, wrap } from '../../report/columns.ts';
import { exchangeLines } from '../../report/exchange-lines.ts';
import { failureLines } from '../../report/failure-lines.ts';
import { createPaint, paintVerdict, type Paint } from '../../report/paint.ts';
import { printable } from '../../report/printable.ts';
import { showTime } from '../../report/time.ts';
import { shortenPair, showPointer, showValue } from '../../report/value.ts';
import { MARKS } from '../../report/verdicts.ts';
import { quoted } from '../../scenario/requests/request.ts';
import type { Output } from '../io.ts';
import { layOut } from './lay-out.ts';
import { sameCommand, type Where } from './same-command.ts';
import type { Asked, ToldAnswer, ToldVerdict } from './told.ts';

/** What was sent, and the answer. */
export function answerText(told: ToldAnswer, output: Output): string {
  const { width, colour } = output;
  const paint = createPaint(colour);
  const { method, path, as, faults, status, problem, durationMs, standing } = told;
  const who = as === null ? '' : ` as ${as}`;
  const what = faults.length > 0 ? `, with ${faults.join(' + ')}` : '';
  const stands = standing.flatMap((line) => wrap(printable(`and for everybody: ${line}`), width));
  const head =
    status === null
      ? paint.red(printable(problem ?? 'no answer'))
      : `${paintStatus(paint, status)}  ${showTime(durationMs)}`;
  return text([
    ...wrap(printable(`${method} ${path}${who}${what}`), width).map((line) => paint.bold(line)),
    ...[...wrap(howKeptApart(told), width), ...stands].map((line) => paint.dim(line)),
    '',
    head,
    ...headerLines(told, width).map((line) => paint.dim(line)),
    ...bodyLines(told, output),
  ]);
}

/** What is known of it: what differs, what was called, and the verdict. */
export function verdictText(
  told: ToldVerdict,
  asked: Asked,
  where: Where,
  { width, colour }: Output,
): string {
  const paint = createPaint(colour);
  const { exchanges, curl, address, contract, verdict } = told;
  const calls =
    exchanges.length === 0
      ? [paint.dim('the service asked nothing of its upstreams')]
      : [
          paint.dim('the service asked'),
          ...exchangeLines(exchanges, width - 2, paint).map((line) => `  ${line}`),
        ];
  const again = address === null ? sameCommand(asked, where) : replayCommand(address, told.saved);
  const judged =
    verdict === null
      ? [paint.dim('no contract is about this request: nothing was judged')]
      : verdictLines({ ...told, verdict, contract }, width, paint);
  return text([
    '',
    ...differenceLines(told, width, paint),
    ...calls,
    '',
    ...judged,
    `${paint.dim('request')}  ${curl}`,
    `${paint.dim('again')}    ${again}`,
  ]);
}

/** One that a developer can type who has nothing up. */
function replayCommand(address: string, { systemFile }: ToldVerdict['saved']): string {
  const file = relative('', systemFile);
  return `brownout replay ${quoted(address)}${file === 'system.yaml' ? '' : ` --system ${quoted(file)}`}`;
}

function verdictLines(
  {
    verdict,
    contract,
    reason,
    findings,
  }: Pick<ToldVerdict, 'contract' | 'reason' | 'findings'> & {
    readonly verdict: NonNullable<ToldVerdict['verdict']>;
  },
  width: number,
  paint: Paint,
): string[] {
  const mark = paintVerdict(paint, verdict, `${MARKS[verdict]} ${verdict}`);
  const holds = { passed: 'as the contract says', failed: 'not as the contract says' } as const;
  const sentence =
    verdict === 'passed' || verdict === 'failed' ? holds[verdict] : 'nothing is proved';
  const by = contract === null ? '' : `: ${sentence} (${contract})`;
  const why = reason === null ? [] : reason.split('\n');
  return [
    `${mark}${by}`,
    ...why.flatMap((line) => wrap(printable(line), width - 2)).map((line) => `  ${line}`),
    ...findings
      .flatMap((finding) => failureLines({ at: '', ...finding }, width - 2, paint))
      .map((line) => `  ${line}`),
  ];
}

function differenceLines(
  { differences, healthy, whyNone }: ToldVerdict,
  width: number,
  paint: Paint,
): string[] {
  if (whyNone !== null)
    return [...wrap(`no healthy answer to compare with: ${whyNone}`, width), ''];
  if (differences === null || healthy === null) return [];
  const well = `${healthy.status ?? 'no answer'} in ${showTime(healthy.durationMs)}`;
  if (differences.length === 0) return [paint.dim(`the same as when all is well (${well})`), ''];
  const shown = differences.slice(0, MOST_PLACES);
  const rest = differences.length - shown.length;
  return [
    paint.dim(`what differs from when all is well (${well})`),
    ...shown.flatMap(({ pointer, expected, got }) => {
      const name = showPointer(pointer);
      const [was, is] = [showValue(expected), showValue(got)];
      const [shortWas, shortIs] = shortenPair(was, is, SHORT);
      const line = (one: string, other: string) => `  ${name}: ${one} → ${other}`;
      const painted = (one: string, other: string) => [line(paint.green(one), paint.red(other))];
      if (fits(line(was, is), width)) return painted(was, is);
      if (fits(line(shortWas, shortIs), width)) return painted(shortWas, shortIs);
      const excerpt = (value: unknown) => cut(showValue(value), width - 6);
      return [
        `  ${name}`,
        `    ${paint.green(excerpt(expected))}`,
        `  → ${paint.red(excerpt(got))}`,
      ];
    }),
    ...(rest > 0 ? [paint.dim(`  and ${rest} more`)] : []),
    '',
  ];
}

function howKeptApart({ isolation, why }: ToldAnswer): string {
  switch (isolation) {
    case null:
      return 'with nothing broken for it';
    case 'instance':
      return 'on a service that was started for it';
    case 'baggage':
      return 'broken for this request alone, by its baggage';
    case 'exclusive':
      return `broken for everybody while it ran: ${why}`;
  }
}

function paintStatus(paint: Paint, status: number): string {
  const line = `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();
  return status < 300 ? paint.green(line) : status < 500 ? paint.yellow(line) : paint.red(line);
}

function headerLines({ headers }: ToldAnswer, width: number): string[] {
  return Object.entries(headers)
    .filter(([name]) => !OF_THE_CONNECTION.includes(name))
    .map(([name, value]) => cut(printable(`${name}: ${value}`), width));
}

/** JSON is laid out; of what is long, as much as a screen holds. */
function bodyLines({ body }: ToldAnswer, { width, rows, live }: Output): string[] {
  const lines = layOut(body, width);
  const shown = lines
    .slice(0, live ? Math.max(FEW_LINES, rows - OTHER_LINES) : MOST_LINES)
    .map((line) => cut(printable(line), width));
  const rest = lines.length - shown.length;
  return rest > 0 ? [...shown, `… ${rest} more lines (--reporter json has all of it)`] : shown;
}

function text(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

const OF_THE_CONNECTION = [
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'transfer-encoding',
  'vary',
];
/** Enough to know a value again. */
const SHORT = 20;
const MOST_LINES = 24;
const FEW_LINES = 10;
/** What a screen is to show beside the body. */
const OTHER_LINES = 20;
const MOST_PLACES = 10;
