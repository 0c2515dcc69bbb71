import type { CellResult, Failure } from '../scenario/result.ts';
import { nameOf } from './exchange-lines.ts';
import { printable } from './printable.ts';
import { signaturesOf } from './signature.ts';
import { pointsIntoBody, shortenPair, showPointer, showValue } from './value.ts';
import { NOT_PASSED } from './verdicts.ts';

/** Cells that are not passed for what looks like one cause. */
export interface Cause {
  readonly verdict: (typeof NOT_PASSED)[number];
  /** `expected leaderboard.error true, got false when leaderboard fails` */
  readonly sentence: string;
  /** The cell that breaks least. */
  readonly simplest: CellResult;
  /** All the others, in their order. */
  readonly others: readonly CellResult[];
}

/**
 * Every cell that is neither passed nor skipped, by cause: those with the same signature, where what one breaks is among
 * what the other breaks. What has to be mended first comes first, then what most cells suffer from.
 */
export function causesOf(cells: readonly CellResult[]): Cause[] {
  return NOT_PASSED.flatMap((verdict) => {
    const groups = groupAlike(cells.filter((cell) => cell.verdict === verdict));
    const causes = groups.flatMap(partByTargets).map((group) => causeOf(verdict, group));
    return causes.sort((one, other) => other.others.length - one.others.length);
  });
}

/** What to call the first of several: nothing was judged of what is not failed, so none of it is simpler. */
export function simplestIs(verdict: Cause['verdict']): string {
  return verdict === 'failed' ? 'the simplest of them is' : 'one of them is';
}

/** The cell without what the sentence of its cause has said already. */
export function withoutSentence(cell: CellResult): CellResult {
  if (cell.failures.length > 0) return cell;
  const [, ...rest] = (cell.reason ?? '').split('\n');
  return { ...cell, reason: rest.length > 0 ? rest.join('\n') : null };
}

/** Two signatures are the same where they are equal as they stand, or without the values that their cells were made with. */
function groupAlike(cells: readonly CellResult[]): CellResult[][] {
  const groups: CellResult[][] = [];
  const known = new Map<string, CellResult[]>();
  for (const cell of cells) {
    const signatures = signaturesOf(cell);
    let group = signatures.map((text) => known.get(text)).find((found) => found !== undefined);
    if (!group) groups.push((group = []));
    group.push(cell);
    for (const text of signatures) if (!known.has(text)) known.set(text, group);
  }
  return groups;
}

/** What fails alike when one call fails, and when another does, may be mended in two places. */
function partByTargets(cells: readonly CellResult[]): Part[] {
  const parts: Part[] = [];
  const sized = cells.map((cell) => ({ cell, targets: targetsOf(cell) }));
  const simplestFirst = sized.toSorted(
    (one, other) =>
      one.targets.length - other.targets.length || faultsIn(one.cell) - faultsIn(other.cell),
  );
  for (const { cell, targets } of simplestFirst) {
    const part = parts.find((one) => isWithin(one.targets, targets));
    if (part) part.cells.push(cell);
    else parts.push({ targets, cells: [cell] });
  }
  const order = new Map(cells.map((cell, i) => [cell, i]));
  const place = (cell: CellResult | undefined) => (cell && order.get(cell)) ?? 0;
  for (const part of parts) {
    const [simplest, ...others] = part.cells;
    others.sort((one, other) => place(one) - place(other));
    part.cells = simplest ? [simplest, ...others] : [];
  }
  return parts.sort((one, other) => place(one.cells[0]) - place(other.cells[0]));
}

function isWithin(few: readonly string[], many: readonly string[]): boolean {
  // Where nothing is known to have been hit, nothing is known to be the same.
  if (few.length === 0) return many.length === 0;
  return few.every((target) => many.includes(target));
}

/** The calls that a fault has hit; where it left no trace in them, what it was planned for. */
function targetsOf({ verdict, exchanges, faults = [] }: CellResult): string[] {
  if (verdict !== 'failed') return [];
  const hit = exchanges
    .filter(({ injected }) => injected.length > 0)
    .map((exchange) => exchange.call ?? nameOf(exchange));
  const targets = hit.length > 0 ? hit : faults.map(({ on }) => on.slice(on.indexOf('.') + 1));
  return [...new Set(targets)].sort();
}

function faultsIn({ faults, exchanges }: CellResult): number {
  return faults?.length ?? exchanges.filter(({ injected }) => injected.length > 0).length;
}

function causeOf(verdict: Cause['verdict'], { targets, cells }: Part): Cause {
  const [simplest, ...others] = cells as [CellResult, ...CellResult[]];
  const [first, ...more] = simplest.failures;
  const what = first ? failureSentence(first) : (simplest.reason?.split('\n')[0] ?? verdict);
  const rest = more.length > 0 ? ` (and ${more.length} more)` : '';
  const when = first && targets.length > 0 ? ` when ${fail(targets)}` : '';
  return { verdict, sentence: printable(what + when + rest), simplest, others };
}

function fail(targets: readonly string[]): string {
  const [last = '', ...before] = targets.toReversed();
  if (before.length === 0) return `${last} fails`;
  return `${before.toReversed().join(', ')} and ${last} fail`;
}

function failureSentence({ pointer, expected, got }: Failure): string {
  const show = (value: unknown) =>
    typeof value === 'string' && !pointsIntoBody(pointer) ? value : showValue(value);
  const [one, other] = shortenPair(show(expected), show(got), EXCERPT);
  return `expected ${showPointer(pointer)} ${one}, got ${other}`;
}

interface Part {
  readonly targets: readonly string[];
  cells: CellResult[];
}

const EXCERPT = 40;
