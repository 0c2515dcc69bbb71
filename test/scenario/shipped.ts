import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { SchemaKind } from '../../src/scenario/format/kinds.ts';
import { root } from '../helpers/root.ts';

/** A file that people copy from: its path from the repository's root, and what stands in it. */
export interface Shipped {
  readonly name: string;
  readonly text: string;
  readonly value: object;
  readonly kind: SchemaKind;
}

/** Of the files that are told by another word than their kind's. */
const KINDS: Readonly<Record<string, SchemaKind>> = { upstreams: 'proxy', run: 'config' };

const FOLDERS = ['scenarios', 'test/examples'];

/** Every YAML file of the scenarios and the examples, and those that pages show. */
export const SHIPPED: readonly Shipped[] = [
  ...FOLDERS.flatMap(inFolder),
  shipped('brownout.yaml', readFileSync(new URL('brownout.yaml', root), 'utf8')),
  ...shownIn('README.md'),
  ...shownIn('docs/proxy.md'),
  ...shownIn('docs/scenarios.md'),
];

function inFolder(folder: string): Shipped[] {
  const path = fileURLToPath(new URL(folder, root));
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => shipped(`${folder}/${name}`, readFileSync(join(path, name), 'utf8')));
}

/** The whole files among the blocks of a page: those that begin with their name. */
export function shownIn(page: string): Shipped[] {
  const markdown = readFileSync(new URL(page, root), 'utf8');
  return [...markdown.matchAll(/```yaml\n# (\S+)\n([^]*?)```/g)].map(([, name = '', text = '']) =>
    shipped(`${page}/${name}`, text),
  );
}

function shipped(name: string, text: string): Shipped {
  const value = parse(text) as object;
  const [first = ''] = Object.keys(value);
  return { name, text, value, kind: (KINDS[first] ?? first) as SchemaKind };
}
