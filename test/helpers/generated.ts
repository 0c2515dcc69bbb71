import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import { EXIT_CODES } from '../../src/cli/exit-codes.ts';
import { faultsMarkdown, triggersMarkdown } from '../../src/cli/fault-table.ts';
import { FAULTS, TRIGGERS } from '../../src/proxy/catalogue.ts';
import { SCHEMA_KINDS } from '../../src/scenario/kinds.ts';
import { schemaOf } from '../../src/scenario/schema.ts';
import { root } from './root.ts';

/** What files derived from the code should hold, by path from the repository's root. */
export async function generated(): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  for (const kind of SCHEMA_KINDS) {
    const text = `${JSON.stringify(schemaOf(kind), null, 2)}\n`;
    files.set(`src/scenario/schema/${kind}.json`, text);
  }
  let readme = readFileSync(new URL('README.md', root), 'utf8');
  for (const [name, content] of Object.entries(sections()))
    readme = withSection(readme, name, content);
  files.set('README.md', await formatted(readme));
  return files;
}

async function formatted(markdown: string): Promise<string> {
  const config = await resolveConfig(fileURLToPath(new URL('README.md', root)));
  return format(markdown, { ...config, parser: 'markdown' });
}

function sections(): Record<string, string> {
  const codes = Object.entries(EXIT_CODES).map(([code, meaning]) => `| ${code} | ${meaning} |`);
  return {
    faults: faultsMarkdown([...FAULTS.values()]),
    triggers: triggersMarkdown([...TRIGGERS.values()]),
    'exit codes': `| exit | meaning |\n|---|---|\n${codes.join('\n')}\n`,
  };
}

function withSection(text: string, name: string, content: string): string {
  const [start, end] = [`<!-- generated: ${name} -->\n`, `<!-- end: ${name} -->`];
  const [from, to] = [text.indexOf(start), text.indexOf(end)];
  if (from < 0 || to < 0) throw new Error(`README.md has no section ${start.trim()} … ${end}`);
  return `${text.slice(0, from)}${start}\n${content}\n${text.slice(to)}`;
}
