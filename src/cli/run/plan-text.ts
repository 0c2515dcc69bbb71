import { counted } from '../../common/counted.ts';
import type { Suite, SuiteCell } from '../../scenario/suite.ts';
import { likelyIsolation } from './likely-isolation.ts';

/** What would run, for programs. Later versions only add. */
export interface PlanDocument {
  readonly version: 1;
  readonly seed: string | null;
  readonly shard: { readonly index: number; readonly total: number } | null;
  readonly leftOut: number;
  readonly warnings: readonly string[];
  readonly cells: readonly {
    readonly id: string;
    readonly scenario: string;
    readonly file: string;
    readonly line: number;
    readonly tags: readonly string[];
    readonly system: string;
    readonly isolation: string;
    /** Why it would be skipped. */
    readonly skip: string | null;
  }[];
}

export function planDocument(suite: Suite, seed: string | null): PlanDocument {
  return {
    version: 1,
    seed,
    shard: suite.shard ?? null,
    leftOut: suite.leftOut,
    warnings: suite.warnings ?? [],
    cells: suite.cells.map((cell) => ({
      id: cell.id,
      scenario: cell.scenario,
      file: cell.position.file,
      line: cell.position.line,
      tags: cell.tags,
      system: cell.system.system,
      isolation: likelyIsolation(cell),
      skip: cell.skip ?? null,
    })),
  };
}

/** What would run, for people: a heading for each file, and its cells. */
export function planText(suite: Suite, noFaults: boolean): string {
  const files = grouped(suite.cells, ({ position }) => position.file);
  const parts = [...files].map(([file, cells]) => `${file}\n${cells.map(line).join('\n')}\n`);
  return [...parts, summary(suite, files.size, noFaults)].join('\n');
}

function line({ id, skip }: SuiteCell): string {
  return skip === undefined ? `  ${id}` : `- ${id}  skipped: ${skip}`;
}

function summary(
  { cells, leftOut, shard, warnings = [] }: Suite,
  files: number,
  noFaults: boolean,
): string {
  const wanted = cells.filter(({ skip }) => skip === undefined);
  const kinds = [...grouped(wanted, likelyIsolation)].map(
    ([kind, some]) => `${some.length} by ${kind}`,
  );
  const skipped = cells.length - wanted.length;
  const lines = [
    `${counted(wanted.length, 'cell')} of ${counted(files, 'file')} would run${kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}`,
    ...(noFaults ? ['of each only the baseline (--no-faults)'] : []),
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(shard ? [`shard ${shard.index} of ${shard.total}`] : []),
    ...(leftOut > 0 ? [`${leftOut} left out: they belong to another system`] : []),
    ...warnings.map((warning) => `warning: ${warning}`),
  ];
  return `${lines.join('\n')}\n`;
}

function grouped(
  cells: readonly SuiteCell[],
  keyOf: (cell: SuiteCell) => string,
): Map<string, SuiteCell[]> {
  const groups = new Map<string, SuiteCell[]>();
  for (const cell of cells) {
    const group = groups.get(keyOf(cell)) ?? [];
    groups.set(keyOf(cell), group);
    group.push(cell);
  }
  return groups;
}
