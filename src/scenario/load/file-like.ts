import { readdirSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { nearest } from '../../common/suggest.ts';
import type { YamlFile } from '../../common/yaml-file.ts';

/** `, did you mean ./contract.yaml?` where a file beside `yaml`, or where `path` leads to, has a name like it. */
export function fileLike(path: string, { file }: YamlFile): string {
  const here = dirname(file);
  const files = [...new Set([dirname(path), here])].flatMap((folder) =>
    filesIn(folder).map((name) => join(folder, name)),
  );
  const near = nearest(
    basename(path),
    files.map((one) => basename(one)),
  );
  const found = files.find((one) => one !== file && basename(one) === near);
  if (found === undefined) return '';
  const written = relative(here, found);
  return `, did you mean "${written.startsWith('.') ? written : `./${written}`}"?`;
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((name) => /\.(ya?ml|json)$/.test(name));
  } catch {
    // Nothing to find in what is no folder.
    return [];
  }
}
