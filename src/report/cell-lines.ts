import type { CellResult } from '../scenario/result.ts';
import { wrap } from './columns.ts';
import { exchangeLines } from './exchange-lines.ts';
import { failureLines } from './failure-lines.ts';
import type { Paint } from './paint.ts';
import { printable } from './printable.ts';

/** Everything that is known of why a cell is not passed, in lines of `width` columns: reason, failures, calls, commands. */
export function cellLines(cell: CellResult, width: number, paint: Paint): string[] {
  return [
    paint.dim(`${printable(cell.file)}:${cell.line}:${cell.column}`),
    ...reasonLines(moreOf(cell), width),
    ...allFailureLines(cell, width, paint),
    ...earlierLines(cell, width, paint),
    ...callLines(cell, width, paint),
    ...(cell.curl === null ? [] : [`${paint.dim('request')}  ${command(cell.curl)}`]),
    againLine(cell, paint),
  ];
}

/** The command that runs it again. */
export function againLine({ replay }: CellResult, paint: Paint): string {
  return `${paint.dim('again')}    ${command(replay)}`;
}

/** A reason, without what only repeats the first of the failures: they are told in full below it. */
function moreOf({ reason, failures }: CellResult): string | null {
  const repeats = failures.some(({ pointer }) =>
    reason?.startsWith(`${pointer || 'the body'}: expected`),
  );
  if (!repeats) return reason;
  const more = reason?.search(/never fired: |this process stood still/) ?? -1;
  return more < 0 ? null : (reason?.slice(more) ?? null);
}

/** What came of a cell before it was tried again. */
export function earlierLines({ earlier = [] }: CellResult, width: number, paint: Paint): string[] {
  return earlier.flatMap(({ verdict, reason }, i) =>
    reasonLines(`try ${i + 1} ${verdict}: ${reason ?? 'no reason is known'}`, width).map((line) =>
      paint.dim(line),
    ),
  );
}

/** A reason, wrapped. */
export function reasonLines(reason: string | null, width: number): string[] {
  const paragraphs = reason === null ? [] : reason.split('\n');
  return paragraphs.flatMap((paragraph) => wrap(printable(paragraph), width));
}

function allFailureLines({ failures }: CellResult, width: number, paint: Paint): string[] {
  const lines = failures
    .slice(0, MAX_FAILURES)
    .flatMap((failure) => failureLines(failure, width, paint));
  const rest = failures.length - MAX_FAILURES;
  return rest > 0 ? [...lines, paint.dim(`and ${rest} more that did not hold`)] : lines;
}

function callLines(cell: CellResult, width: number, paint: Paint): string[] {
  const { exchanges, verdict, failures } = cell;
  // Whatever there was to be asked, nothing was sent.
  if (exchanges.length === 0 && verdict === 'broken' && failures.length === 0) return [];
  if (exchanges.length === 0) return [paint.dim('the service asked nothing of its upstreams')];
  return [
    paint.dim('the service asked'),
    ...exchangeLines(exchanges, width - 2, paint).map((line) => `  ${line}`),
  ];
}

/** A command has to stay one that can be copied: it is never broken, and its own line breaks stay. */
function command(text: string): string {
  return text.split('\n').map(printable).join('\n');
}

const MAX_FAILURES = 12;
