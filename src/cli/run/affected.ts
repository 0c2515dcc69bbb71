import { dirname, join, relative } from 'node:path';
import { readYaml } from '../../common/yaml-file.ts';
import type { Suite, SuiteCell } from '../../scenario/suite.ts';

/**
 * The cells that files have a part in. One that no scenario names (the service's own, a schema, a mock) has a part in all,
 * and so has a fragment, which steps name too.
 */
export function affectedBy(
  files: readonly string[],
  { cells, files: read }: Suite,
): readonly SuiteCell[] {
  const names = files.map((file) => relative('', file));
  const parts = new Map(
    [...new Set(cells.map(({ position }) => position.file))].map((file) => [file, partsOf(file)]),
  );
  const fragments = read.filter(({ kind }) => kind === 'fragment').map(({ file }) => file);
  const known = new Set([...parts.values()].flat().filter((name) => !fragments.includes(name)));
  if (!names.every((name) => known.has(name))) return cells;
  return cells.filter(({ position }) =>
    parts.get(position.file)?.some((part) => names.includes(part)),
  );
}

/** The scenario, and what it uses. */
function partsOf(file: string): string[] {
  const { use } = readYaml(file).value as { readonly use?: unknown };
  const used = Array.isArray(use) ? use.filter((one) => typeof one === 'string') : [];
  return [file, ...used.map((one) => relative('', join(dirname(file), one)))];
}
