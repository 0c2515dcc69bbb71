import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { SchemaKind } from '../../src/scenario/kinds.ts';
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

/** Every YAML file of the scenarios and the examples, and those that the README shows. */
export const SHIPPED: readonly Shipped[] = [
  ...FOLDERS.flatMap(inFolder),
  shipped('brownout.yaml', readFileSync(new URL('brownout.yaml', root), 'utf8')),
  ...inReadme(),
];

function inFolder(folder: string): Shipped[] {
  const path = fileURLToPath(new URL(folder, root));
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => shipped(`${folder}/${name}`, readFileSync(join(path, name), 'utf8')));
}

function inReadme(): Shipped[] {
  const readme = readFileSync(new URL('README.md', root), 'utf8');
  return [...readme.matchAll(/```yaml\n# (\S+)\n([^]*?)```/g)].map(([, name = '', text = '']) =>
    shipped(`README.md/${name}`, text),
  );
}

function shipped(name: string, text: string): Shipped {
  const value = parse(text) as object;
  const [first = ''] = Object.keys(value);
  return { name, text, value, kind: (KINDS[first] ?? first) as SchemaKind };
}
