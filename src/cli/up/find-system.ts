import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { BrownoutError } from '../../common/errors.ts';

/**
 * The system file that is meant: the one that is named, by itself or by its folder; else the one here, else the only one
 * below the folders that a bare `brownout run` takes.
 * @throws {BrownoutError} `usage`, with those that there are
 */
export async function findSystem(named: string | undefined, command: string): Promise<string> {
  if (named !== undefined) {
    const isFolder = statSync(named, { throwIfNoEntry: false })?.isDirectory() === true;
    return isFolder ? join(named, 'system.yaml') : named;
  }
  if (existsSync('system.yaml')) return 'system.yaml';
  const folders = await foldersToRun();
  const found = [...new Set(folders.flatMap(systemsBelow))];
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const message =
    only === undefined
      ? `no system file was found: there is no system.yaml here, and none below ${folders.join(', ')}; name it: ${command} path/to/system.yaml`
      : `say which system: ${['', ...found].join(`\n  ${command} `).trimStart()}`;
  throw new BrownoutError('usage', message);
}

async function foldersToRun(): Promise<readonly string[]> {
  if (!existsSync('brownout.yaml')) return ['scenarios'];
  const { readYaml } = await import('../../common/yaml-file.ts');
  const { run } = (readYaml('brownout.yaml').value ?? {}) as { readonly run?: unknown };
  return Array.isArray(run) && run.length > 0 ? run.map(String) : ['scenarios'];
}

function systemsBelow(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
      if (entry.isDirectory()) return systemsBelow(path);
      return /\.(ya?ml|json)$/.test(entry.name) && isSystem(path) ? [path] : [];
    });
}

/** By its first key; that of a JSON file stands behind a bracket. */
function isSystem(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  return /^(?:\s*(?:#.*)?\n|---\s*\n)*\s*(?:\{\s*)?(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?["']?system["']?\s*:/.test(
    text,
  );
}
