import { readdirSync, statSync, type Dirent } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { FileError, InvalidError, messageOf } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { located, readYaml, validateFile, type YamlFile } from '../common/yaml-file.ts';
import type { SystemSpec } from '../system/spec.ts';
import { checkContract, checkSystem } from './check-files.ts';
import { contractFile, type Contract } from './format/contract.ts';
import { systemFile } from './format/system.ts';
import type { FileKind } from './suite.ts';

/** A file whose kind is known. */
export interface Source {
  readonly kind: FileKind;
  readonly yaml: YamlFile;
}

/** Reads each file once, and each system and contract once. */
export interface Files {
  /** The scenario, system and contract files at the paths; folders are searched whole. */
  find(paths: readonly string[]): string[];
  source(file: string): Source;
  system(file: string): SystemSpec;
  /** A contract, checked against the system that it is about. */
  contract(file: string, system: SystemSpec): Contract;
  /** Every file that was read. */
  read(): { readonly file: string; readonly kind: FileKind }[];
}

const KINDS: readonly FileKind[] = ['system', 'contract', 'scenario'];
/** What lies in a folder for other tools. */
const OTHERS = /^\.|^node_modules$/;

/** Paths are shown relative to the working directory. */
export function openFiles(): Files {
  const sources = new Map<string, Source>();
  const systems = new Map<string, SystemSpec>();

  const files: Files = {
    find: (paths) => [...new Set(paths.flatMap((path) => search(relative('', path) || '.')))],
    source(file) {
      const name = relative('', file);
      const known = sources.get(name);
      if (known) return known;
      const yaml = readYaml(name);
      const source = { kind: kindOf(yaml), yaml };
      sources.set(name, source);
      return source;
    },
    system(file) {
      const { kind, yaml } = files.source(file);
      const known = systems.get(yaml.file);
      if (known) return known;
      if (kind !== 'system') throw wrongKind(yaml, 'system', kind);
      const spec: SystemSpec = { ...validateFile(systemFile, yaml), directory: dirname(yaml.file) };
      checkSystem(yaml, spec);
      systems.set(yaml.file, spec);
      return spec;
    },
    contract(file, system) {
      const { kind, yaml } = files.source(file);
      if (kind !== 'contract') throw wrongKind(yaml, 'contract', kind);
      const contract = validateFile(contractFile, yaml);
      checkContract(yaml, contract, system);
      return contract;
    },
    read: () => [...sources].map(([file, { kind }]) => ({ file, kind })),
  };
  return files;
}

function search(path: string): string[] {
  const entries = read(path);
  if (!entries) return [path];
  return entries
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      if (OTHERS.test(entry.name)) return [];
      if (entry.isDirectory()) return search(join(path, entry.name));
      return /\.(ya?ml|json)$/.test(entry.name) ? [join(path, entry.name)] : [];
    });
}

/** What a folder holds; undefined for a file. */
function read(path: string): Dirent[] | undefined {
  const fail = (message: string) => new FileError([{ file: path, line: 1, column: 1, message }]);
  try {
    const stats = statSync(path, { throwIfNoEntry: false });
    if (!stats) throw fail('no such file or folder');
    return stats.isDirectory() ? readdirSync(path, { withFileTypes: true }) : undefined;
  } catch (error) {
    throw error instanceof FileError ? error : fail(`cannot be read: ${messageOf(error)}`);
  }
}

function kindOf(yaml: YamlFile): FileKind {
  const keys = z.record(z.string(), z.unknown()).safeParse(yaml.value).data ?? {};
  const [first = ''] = Object.keys(keys).filter((key) => key !== '$schema');
  const kind = KINDS.find((candidate) => candidate === first);
  if (kind) return kind;
  const hint = didYouMean(first, KINDS).replace(/^ .*/, '');
  const got = first === '' ? 'this one has none' : `got "${first}"${hint}`;
  const message = `a file is told by its first key, one of ${KINDS.join(', ')}; ${got}`;
  throw located(new InvalidError([{ path: [first], message, atKey: true }]), yaml);
}

function wrongKind(yaml: YamlFile, wanted: FileKind, got: FileKind): FileError {
  return located(
    new InvalidError([{ path: [], message: `expected a ${wanted}, this is a ${got}` }]),
    yaml,
  );
}
