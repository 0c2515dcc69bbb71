import { dirname, relative } from 'node:path';
import { InvalidError, type FileError, type Problem } from '../common/errors.ts';
import { didYouMean } from '../common/suggest.ts';
import { located, readYaml, validateFile, type YamlFile } from '../common/yaml-file.ts';
import type { SystemSpec } from '../system/spec.ts';
import { contractFile, type Contract } from './format/contract.ts';
import { systemFile } from './format/system.ts';
import { interpolate } from './interpolate.ts';
import { kindOf } from './search.ts';
import type { FileKind } from './suite.ts';

/** A file whose kind is known. */
export interface Source {
  readonly kind: FileKind;
  readonly yaml: YamlFile;
}

/** Reads each file once, and each system and contract once. */
export interface Files {
  source(file: string): Source;
  system(file: string): SystemSpec;
  /** A contract, checked against the system that it is about. */
  contract(file: string, system: SystemSpec): Contract;
  /** Every file that was read. */
  read(): { readonly file: string; readonly kind: FileKind }[];
}

/** Paths are shown relative to the working directory. */
export function openFiles(): Files {
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
      const spec: SystemSpec = { ...validateFile(systemFile, yaml), directory: dirname(yaml.file) };
      checkVariables(yaml, ['service', 'env'], spec.service.env, [
        ...variablesOf(spec),
        'port',
        'secret',
      ]);
      checkCalls(yaml, spec);
      systems.set(yaml.file, spec);
      return spec;
    },
    contract(file, system) {
      const { kind, yaml } = files.source(file);
      if (kind !== 'contract') throw wrongKind(yaml, 'contract', kind);
      const contract = validateFile(contractFile, yaml);
      checkVariables(yaml, ['never'], contract.never, variablesOf(system));
      const calls = Object.values(system.upstreams).flatMap((upstream) =>
        Object.keys(upstream.calls),
      );
      const problems = Object.keys(contract.calls)
        .filter((call) => !calls.includes(call))
        .map((call): Problem => ({
          path: ['calls', call],
          message: `unknown call "${call}"${didYouMean(call, calls)}`,
          atKey: true,
        }));
      const identities = Object.keys(system.identities);
      const { as } = contract.request;
      if (as !== undefined && !identities.includes(as)) {
        problems.push({
          path: ['request', 'as'],
          message: `unknown identity "${as}"${didYouMean(as, identities)}`,
        });
      }
      if (problems.length > 0) throw located(new InvalidError(problems), yaml);
      return contract;
    },
    read: () => [...sources].map(([file, { kind }]) => ({ file, kind })),
  };
  return files;
}

/** `upstream.stats.url` and `.address` for each upstream. */
function variablesOf(system: SystemSpec): string[] {
  return Object.keys(system.upstreams).flatMap((name) => [
    `upstream.${name}.url`,
    `upstream.${name}.address`,
  ]);
}

function wrongKind(yaml: YamlFile, wanted: FileKind, got: FileKind): FileError {
  return located(
    new InvalidError([{ path: [], message: `expected a ${wanted}, this is a ${got}` }]),
    yaml,
  );
}

function checkVariables(
  yaml: YamlFile,
  path: readonly string[],
  value: unknown,
  known: readonly string[],
): void {
  try {
    interpolate(value, Object.fromEntries(known.map((name) => [name, ''])));
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    const problems = error.problems.map((p) => ({ ...p, path: [...path, ...p.path] }));
    throw located(new InvalidError(problems), yaml);
  }
}

/** Rules and reports name upstreams and calls alike, so no two may share a name. */
function checkCalls(yaml: YamlFile, { upstreams }: SystemSpec): void {
  const taken = new Set(Object.keys(upstreams));
  const problems: Problem[] = [];
  for (const [upstream, { calls }] of Object.entries(upstreams)) {
    for (const call of Object.keys(calls)) {
      if (taken.has(call)) {
        const message = `"${call}" names another upstream or call already`;
        problems.push({ path: ['upstreams', upstream, 'calls', call], message, atKey: true });
      }
      taken.add(call);
    }
  }
  if (problems.length > 0) throw located(new InvalidError(problems), yaml);
}
