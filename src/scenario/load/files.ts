import { dirname, relative } from 'node:path';
import { invalid, InvalidError, FileError } from '../../common/errors.ts';
import { located, readYaml, validateFile, type YamlFile } from '../../common/yaml-file.ts';
import type { MockSpec, SystemSpec } from '../../system/spec.ts';
import { checkContract, checkSystem } from './check-files.ts';
import { readMock } from './check-mock.ts';
import { withMocks } from './with-mocks.ts';
import { fillEnvironment, type Env } from './environment.ts';
import { contractFile, type Contract } from '../format/contract.ts';
import { fragmentFile } from '../format/fragment.ts';
import { systemFile } from '../format/system.ts';
import { compileSchema, type SchemaCheck } from '../judge/json-schema.ts';
import { loadScript, type Script } from '../judge/script.ts';
import { createRedactor } from '../run/redact.ts';
import { kindOf } from './search.ts';
import type { FileKind } from '../suite.ts';

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
  /** What stands in a file, whether it is ours or not. */
  readonly parsed: (file: string) => YamlFile;
  source(file: string): Source;
  system(file: string): SystemSpec;
  /** A contract, checked against the system that it is about. */
  contract(file: string, system: SystemSpec): Contract;
  fragment(file: string): Fragment;
  mock(file: string): MockSpec;
  /** What a file that holds a JSON Schema asks. */
  schema(file: string): SchemaCheck;
  /** A function that a file exports: by default unless its name is said. */
  script(file: string, name?: string): Script;
  /** Every file that was read. */
  read(): { readonly file: string; readonly kind: FileKind }[];
  /** Every schema and script. */
  named(): string[];
}

/**
 * Paths are shown relative to the working directory.
 * @param scripts whether files may run code; where they may not, those that would are refused
 * @param env what system files may name as `${env.NAME}`; without it, they are checked and not filled in
 */
export function openFiles(env?: Env, scripts = true): Files {
  const parsed = new Map<string, YamlFile>();
  const sources = new Map<string, Source>();
  const systems = new Map<string, SystemSpec>();
  const contracts = new Map<SystemSpec, Map<string, Contract>>();
  const schemas = new Map<string, SchemaCheck>();
  const loaded = new Map<string, Script>();

  const files: Files = {
    parsed(file) {
      const name = relative('', file);
      const known = parsed.get(name) ?? readYaml(name);
      parsed.set(name, known);
      return known;
    },
    source(file) {
      const name = relative('', file);
      const known = sources.get(name);
      if (known) return known;
      const yaml = files.parsed(name);
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
      const checked = withoutSecrets(yaml, env, () => validateFile(systemFile, filled));
      const said = { ...checked, directory: dirname(yaml.file) };
      const spec = withMocks(said, yaml, (path) => files.mock(path));
      checkSystem(yaml, spec);
      if (!scripts && 'command' in spec.service.start)
        throw located(invalid(['service', 'command'], NO_SCRIPTS), yaml);
      systems.set(yaml.file, spec);
      return spec;
    },
    contract(file, system) {
      const { kind, yaml } = files.source(file);
      const ofSystem = contracts.get(system) ?? new Map<string, Contract>();
      contracts.set(system, ofSystem);
      const known = ofSystem.get(yaml.file);
      if (known) return known;
      if (kind !== 'contract') throw wrongKind(yaml, 'contract', kind);
      const contract = validateFile(contractFile, yaml);
      checkContract(yaml, contract, system);
      ofSystem.set(yaml.file, contract);
      return contract;
    },
    fragment(file) {
      const { kind, yaml } = files.source(file);
      if (kind !== 'fragment') throw wrongKind(yaml, 'fragment', kind);
      const { fragment: name, steps } = validateFile(fragmentFile, yaml);
      return { name, yaml, steps };
    },
    mock(file) {
      const { kind, yaml } = files.source(file);
      if (kind !== 'mock') throw wrongKind(yaml, 'mock', kind);
      return readMock(yaml);
    },
    schema(file) {
      const check = schemas.get(file) ?? compileFile(readYaml(file));
      schemas.set(file, check);
      return check;
    },
    script(file, name) {
      if (!scripts) throw invalid([], NO_SCRIPTS);
      const key = `${file}#${name ?? ''}`;
      const script = loaded.get(key) ?? loadScript(file, name);
      loaded.set(key, script);
      return script;
    },
    read: () => [...sources].map(([file, { kind }]) => ({ file, kind })),
    named: () => [...new Set([...schemas.keys(), ...[...loaded.keys()].map(withoutName)])],
  };
  return files;
}

function withoutName(script: string): string {
  return script.slice(0, script.lastIndexOf('#'));
}

function compileFile(yaml: YamlFile): SchemaCheck {
  try {
    return compileSchema(yaml.value);
  } catch (error) {
    throw error instanceof InvalidError ? located(error, yaml) : error;
  }
}

/** What is wrong may be a value that was filled in, and its message quotes it. */
function withoutSecrets<T>({ value }: YamlFile, env: Env = {}, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof FileError)) throw error;
    const redactor = createRedactor();
    const { secrets } = (value ?? {}) as { readonly secrets?: unknown };
    for (const name of Array.isArray(secrets) ? secrets : []) redactor.add(env[String(name)] ?? '');
    throw new FileError(redactor.redact(error.problems));
  }
}

function wrongKind(yaml: YamlFile, wanted: FileKind, got: FileKind): FileError {
  return located(
    new InvalidError([{ path: [], message: `expected a ${wanted}, this is a ${got}` }]),
    yaml,
  );
}

const NO_SCRIPTS =
  'this would run code, and --no-scripts is set: leave it out to let files run code';
