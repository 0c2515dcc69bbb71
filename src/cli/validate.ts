import { statSync } from 'node:fs';
import { FileError } from '../common/errors.ts';
import { readYaml } from '../common/yaml-file.ts';
import { loadSuite } from '../scenario/load/load.ts';
import { readConfig } from './proxy/config.ts';

/** How much was found to be valid. */
export interface Valid {
  readonly files: number;
  readonly scenarios: number;
  readonly cells: number;
}

/**
 * Checks files, and folders of them. A file for `brownout proxy` is one where it is named itself: in folders many a file of
 * others has keys like its.
 * @throws {FileError} with every problem of every file
 */
export function validateAll(paths: readonly string[]): Valid {
  const problems: FileError['problems'][number][] = [];
  const collect = <T>(work: () => T): T | undefined => {
    try {
      return work();
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(...error.problems);
      return undefined;
    }
  };
  const configs = paths.filter(isProxyFile);
  for (const file of configs) collect(() => readConfig(file));
  const suite = collect(() => loadSuite(paths.filter((path) => !configs.includes(path))));
  if (problems.length > 0) throw new FileError(problems);
  const { files = [], cells = [] } = suite ?? {};
  return {
    files: files.length + configs.length,
    scenarios: files.filter(({ kind }) => kind === 'scenario').length,
    cells: cells.length,
  };
}

/** Rules alone name upstreams of the command line, which are not known here. */
function isProxyFile(path: string): boolean {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return false;
  try {
    const { value } = readYaml(path);
    if (Array.isArray(value)) return true;
    const keys = Object.keys(value ?? {}).filter((key) => key !== '$schema');
    return OWN_KEYS.includes(keys[0] ?? '') && keys.some((key) => key !== 'rules');
  } catch (error) {
    // It is read once more, and told of.
    if (error instanceof FileError) return false;
    throw error;
  }
}

const OWN_KEYS = ['upstreams', 'rules', 'proxies'];
