import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { BrownoutError } from '../../common/errors.ts';

/**
 * The system file that is meant: the one that is named, by itself or by its folder; else the one here, else the only one
 * below the folders that a bare `brownout run` takes.
 * @throws {BrownoutError} `usage`, with those that there are
 */
export async function findSystem(named: string | undefined, command: string): Promise<string> {
  if (named !== undefined) return systemFileAt(named);
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

/** A system file that is named by itself, or by its folder. */
export function systemFileAt(path: string): string {
  return isFolder(path) ? join(path, 'system.yaml') : path;
}

async function foldersToRun(): Promise<readonly string[]> {
  if (!existsSync('brownout.yaml')) return ['scenarios'];
  const { pathsIn } = await import('../../scenario/choose/default-paths.ts');
  // A file among them is a scenario's: its system stands beside it.
  return pathsIn('brownout.yaml').map((path) => (isFolder(path) ? path : dirname(path)));
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

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
}

/** By its first key; that of a JSON file stands behind a bracket. */
function isSystem(path: string): boolean {
  const text = readFileSync(path, 'utf8');
  return /^(?:\s*(?:#.*)?\n|---\s*\n)*\s*(?:\{\s*)?(?:"\$schema"\s*:\s*"[^"]*"\s*,\s*)?["']?system["']?\s*:/.test(
    text,
  );
}
