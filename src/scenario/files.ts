import { dirname, relative } from 'node:path';
import { InvalidError, type FileError } from '../common/errors.ts';
import { located, readYaml, validateFile, type YamlFile } from '../common/yaml-file.ts';
import type { SystemSpec } from '../system/spec.ts';
import { checkContract, checkSystem } from './check-files.ts';
import { fillEnvironment, type Env } from './environment.ts';
import { contractFile, type Contract } from './format/contract.ts';
import { fragmentFile } from './format/fragment.ts';
import { systemFile } from './format/system.ts';
import { kindOf } from './search.ts';
import type { FileKind } from './suite.ts';

/** A file whose kind is known. */
export interface Source {
  readonly kind: FileKind;
  readonly yaml: YamlFile;
}

/** The steps of a fragment, as they were written. */
export interface Fragment {
  readonly name: string;
  readonly yaml: YamlFile;
  readonly steps: readonly unknown[];
}

/** Reads each file once, and each system and contract once. */
export interface Files {
  source(file: string): Source;
  system(file: string): SystemSpec;
  /** A contract, checked against the system that it is about. */
  contract(file: string, system: SystemSpec): Contract;
  fragment(file: string): Fragment;
  /** Every file that was read. */
  read(): { readonly file: string; readonly kind: FileKind }[];
}

/**
 * Paths are shown relative to the working directory.
 * @param env what system files may name as `${env.NAME}`; without it, they are checked and not filled in
 */
export function openFiles(env?: Env): Files {
  const sources = new Map<string, Source>();
  const systems = new Map<string, SystemSpec>();

  const files: Files = {
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
      const filled = env ? fillEnvironment(yaml, env) : yaml;
      const spec = { ...validateFile(systemFile, filled), directory: dirname(yaml.file) };
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
    fragment(file) {
      const { kind, yaml } = files.source(file);
      if (kind !== 'fragment') throw wrongKind(yaml, 'fragment', kind);
      const { fragment: name, steps } = validateFile(fragmentFile, yaml);
      return { name, yaml, steps };
    },
    read: () => [...sources].map(([file, { kind }]) => ({ file, kind })),
  };
  return files;
}

function wrongKind(yaml: YamlFile, wanted: FileKind, got: FileKind): FileError {
  return located(
    new InvalidError([{ path: [], message: `expected a ${wanted}, this is a ${got}` }]),
    yaml,
  );
}
