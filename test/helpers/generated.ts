import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { faultsMarkdown, triggersMarkdown } from '../../src/cli/fault-table.ts';
import { FAULTS, TRIGGERS } from '../../src/proxy/catalogue.ts';
import { SCHEMA_KINDS } from '../../src/scenario/format/kinds.ts';
import { schemaOf } from '../../src/scenario/format/schema.ts';
import { expectationsMarkdown, keysMarkdown, stepsMarkdown } from './format-tables.ts';
import { root } from './root.ts';

/** What files derived from the code should hold, by path from the repository's root. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const kind of SCHEMA_KINDS) {
    const text = `${JSON.stringify(schemaOf(kind), null, 2)}\n`;
    files.set(`src/scenario/schema/${kind}.json`, text);
  }
  for (const [path, sections] of Object.entries(documents())) {
    let text = readFileSync(new URL(path, root), 'utf8');
    for (const [name, content] of Object.entries(sections)) text = withSection(text, name, content);
    files.set(path, await formatted(text));
  }
  return files;
}

async function formatted(markdown: string): Promise<string> {
  const config = await resolveConfig(fileURLToPath(new URL('README.md', root)));
  return format(markdown, { ...config, parser: 'markdown' });
}

/** The sections of each file by their names. */
function documents(): Record<string, Record<string, string>> {
  const codes = Object.entries(EXIT_CODES).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  const kinds = ['system', 'mock', 'contract', 'scenario'] as const;
  return {
    'README.md': {
      faults: faultsMarkdown([...FAULTS.values()]),
      triggers: triggersMarkdown([...TRIGGERS.values()]),
      'exit codes': `| exit | meaning |\n|---|---|\n${codes.join('\n')}\n`,
    },
    'docs/scenarios.md': {
      ...Object.fromEntries(kinds.map((kind) => [`keys of a ${kind}`, keysMarkdown(kind)])),
      steps: stepsMarkdown(),
      expectations: expectationsMarkdown(),
    },
  };
}

function withSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated: ${name} -->\n`, `<!-- end: ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`there is no section ${start.trim()} … ${end}`);
  return `${text.slice(0, from)}${start}\n${content}\n${text.slice(to)}`;
}
