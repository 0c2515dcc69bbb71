import { join } from 'node:path';
import { invalid } from '../../common/errors.ts';
import { below, createProblems } from '../../common/problems.ts';
import { whyNoFile } from '../../common/text-file.ts';
import type { Opener } from '../expectation.ts';
import type { Files } from './files.ts';
import { SECTIONS } from './fill-in.ts';
import { EXPECTATIONS } from '../format/expect.ts';
import type { Template } from './template.ts';

type Written = Readonly<Record<string, unknown>>;

/**
 * The same scenario with what its expectations name as a file read: each from the folder of the file that says so.
 * @param scenario as it was written, the values of a cell put in
 * @throws {InvalidError} whose paths start at the scenario's root
 */
export function openExpected(
  scenario: Written,
  { folderOf }: Pick<Template, 'folderOf'>,
  files: Files,
): Written {
  const problems = createProblems();
  const sections = SECTIONS.filter((section) => Array.isArray(scenario[section])).map((section) => {
    const steps = (scenario[section] as unknown[]).map((step, i) =>
      opened(step, [section, i], () => folderOf(section, i)),
    );
    return [section, steps] as const;
  });
  const root = opened(scenario, [], () => folderOf());
  problems.settle();
  return { ...(root as Written), ...Object.fromEntries(sections) };

  function opened(holder: unknown, path: readonly (string | number)[], folder: () => string) {
    const { expect } = (holder ?? {}) as { readonly expect?: unknown };
    if (typeof expect !== 'object' || expect === null) return holder;
    const entries = Object.entries(expect).map(([name, written]) => {
      const open = EXPECTATIONS.get(name)?.open;
      if (!open) return [name, written];
      const at = [...path, 'expect', name];
      return [
        name,
        problems.attempt(() => below(at, () => open(written, opener(folder(), files)))),
      ];
    });
    return { ...(holder as object), expect: Object.fromEntries(entries) as unknown };
  }
}

function opener(folder: string, files: Files): Opener {
  const found = (written: string) => {
    const path = join(folder, written);
    const missing = whyNoFile(path);
    if (missing !== undefined) throw invalid([], `${missing}: ${path}`);
    return path;
  };
  return {
    schema: (written) => files.schema(found(written)),
    script(written) {
      const [path = '', name] = written.split('#');
      return files.script(found(path), name);
    },
  };
}
