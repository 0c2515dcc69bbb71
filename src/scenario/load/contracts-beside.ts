import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { SystemSpec } from '../../system/spec.ts';
import type { Files } from './files.ts';
import type { Contract } from '../format/contract.ts';

/** A contract, and where it stands. */
export interface ContractFile {
  readonly file: string;
  readonly contract: Contract;
}

/**
 * The contracts beside a system file, in its folder or in `contracts/`. Those that know none of its calls are another
 * system's.
 * @throws {FileError} for a contract with a mistake in it
 */
export function contractsBeside(file: string, system: SystemSpec, files: Files): ContractFile[] {
  const folder = dirname(file);
  return [...filesIn(folder), ...filesIn(join(folder, 'contracts'))]
    .filter(looksLikeContract)
    .filter((path) => isAbout(system, files.source(path).yaml.value))
    .map((path) => ({ file: path, contract: files.contract(path, system) }));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ya?ml|json)$/.test(entry.name))
      .map(({ name }) => join(folder, name))
      .sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Before it is parsed: what else stands there need not be YAML, but a contract with a mistake is to be told of. */
function looksLikeContract(file: string): boolean {
  return /^(\{\s*)?["']?contract["']?\s*:/m.test(readFileSync(file, 'utf8'));
}

function isAbout({ upstreams }: SystemSpec, contract: unknown): boolean {
  const { calls } = contract as { calls?: object | null };
  const named = Object.keys(calls ?? {});
  const known = Object.values(upstreams).flatMap((upstream) => Object.keys(upstream.calls));
  return named.length === 0 || named.some((name) => known.includes(name));
}
