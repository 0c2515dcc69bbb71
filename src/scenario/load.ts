import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { FileError, InvalidError, type Problem } from '../common/errors.ts';
import { createProblems } from '../common/problems.ts';
import { validate } from '../common/validate.ts';
import { located, validateFile, type YamlFile } from '../common/yaml-file.ts';
import type { SystemSpec } from '../system/spec.ts';
import { checkJudged, checkScenario, planFaults, stepsOf } from './check.ts';
import { cellsAt, placeOf } from './at-line.ts';
import type { Env } from './environment.ts';
import { openFiles, type Files } from './files.ts';
import type { Contract } from './format/contract.ts';
import { scenarioFile, scenarioHead } from './format/scenario.ts';
import { fillIn } from './fill-in.ts';
import { aloneIn, namesIn } from './interpolate.ts';
import { cellsOf, cellSuffix, checkUsed, type Cell } from './matrix.ts';
import { searchFiles } from './search.ts';
import type { Suite, SuiteCell } from './suite.ts';

/**
 * Loads the scenarios at the paths (files, folders, or `file:line`) with the systems and contracts that they use. Where another system is
 * put under them, scenarios of others are left out.
 * @throws {FileError} with every problem of every file
 */
export function loadSuite(paths: readonly string[], options: LoadOptions = {}): Suite {
  const { system: systemFile, env } = options;
  const files = openFiles(env);
  const override =
    systemFile === undefined ? undefined : { file: systemFile, spec: files.system(systemFile) };
  const problems: FileError['problems'][number][] = [];
  const places = paths.map(placeOf);
  const found = searchFiles(places.map(({ path }) => path)).flatMap((file) => {
    try {
      return loadFile(file, files, override);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  });
  problems.push(...sameIds(found));
  if (problems.length > 0) throw new FileError(unique(problems));
  const loaded = cellsAt(found, places);
  const cells = loaded.filter(({ system }) => !override || system === override.spec);
  return { cells, leftOut: loaded.length - cells.length, files: files.read() };
}

export interface LoadOptions {
  /** Another system of the same name, which is put under the scenarios. */
  readonly system?: string | undefined;
  /** What system files may name as `${env.NAME}`; without it they are checked, and cannot be run. */
  readonly env?: Env | undefined;
  /** Whether files may run code, as `command` and `script` do; they may unless this is false. */
  readonly scripts?: boolean;
}

interface Override {
  readonly file: string;
  readonly spec: SystemSpec;
}

function loadFile(file: string, files: Files, override: Override | undefined): SuiteCell[] {
  const { kind, yaml } = files.source(file);
  if (kind === 'scenario') return loadScenario(yaml, files, override);
  if (kind === 'system') files.system(file);
  // A contract is checked with the system of each scenario that uses it; alone, only its form is.
  return [];
}

function loadScenario(yaml: YamlFile, files: Files, override: Override | undefined): SuiteCell[] {
  const head = validateFile(scenarioHead, yaml);
  const fail = (path: readonly (string | number)[], message: string) =>
    located(new InvalidError([{ path, message }]), yaml);
  const uses = head.use.map((path) => join(dirname(yaml.file), path));
  for (const [i, path] of uses.entries())
    if (!existsSync(path)) throw fail(['use', i], `no such file: ${path}`);
  const kinds = uses.map((path) => files.source(path).kind);
  const used = (kind: string) => uses.filter((_, i) => kinds[i] === kind);
  const [systemPath, ...otherSystems] = used('system');
  const [contractPath, ...otherContracts] = used('contract');
  if (systemPath === undefined || otherSystems.length > 0)
    throw fail(['use'], 'name one system file');
  if (otherContracts.length > 0) throw fail(['use'], 'name at most one contract file');
  const own = files.system(systemPath);
  const overridden = override !== undefined && override.spec.system === own.system;
  const system = overridden ? override.spec : own;
  const contract = contractPath === undefined ? undefined : files.contract(contractPath, system);

  const problems: FileError['problems'][number][] = [];
  const cells = placed(yaml, () => cellsOf(head.matrix)).flatMap((cell) => {
    try {
      return [loadCell(yaml, cell, system, contract, overridden ? override.file : undefined)];
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      problems.push(
        ...error.problems.map((p) => ({ ...positionIn(yaml, cell, p), message: p.message })),
      );
      return [];
    }
  });
  if (problems.length > 0) throw new FileError(unique(problems));
  // After all else: a misspelt variable is why its name stands nowhere.
  placed(yaml, () => checkUsed(head.matrix, namesIn(templateOf(yaml))));
  return cells;
}

/** @throws {InvalidError} whose paths start at the scenario's root, the cell's values put in */
function loadCell(
  yaml: YamlFile,
  cell: Cell,
  system: SystemSpec,
  contract: Contract | undefined,
  systemFile: string | undefined,
): SuiteCell {
  const written = fillIn(templateOf(yaml), cell.values);
  const [spec, faults] = allOf(
    () => {
      const checked = validate(scenarioFile, written);
      checkScenario(checked, system, contract);
      return checked;
    },
    () => planFaults((written as { faults?: unknown }).faults, system),
  );
  checkJudged(faults, spec, system, contract);
  return {
    id: `${spec.id}${cellSuffix(cell.values)}`,
    scenario: spec.scenario,
    position: yaml.positionOf(['scenario'], true),
    tags: spec.tags,
    system,
    systemFile,
    contract,
    faults,
    steps: stepsOf(spec),
    setup: spec.setup,
    teardown: spec.teardown,
    recoveryWithin: spec.recovery.within,
    valueLines: () => Object.values(cell.origins).map((path) => yaml.positionOf(path).line),
    positionOf(section, step, expectation) {
      const root = section !== 'steps' || spec.steps ? [section, step] : [];
      const { file, line, column } = yaml.positionOf([...root, 'expect', expectation], true);
      return `${file}:${line}:${column}`;
    },
  };
}

/** The scenario that the values of a cell are put into. */
function templateOf({ value }: YamlFile): Record<string, unknown> {
  const { matrix: _, ...template } = value as Record<string, unknown>;
  return template;
}

/** Both, or the problems of both. */
function allOf<A, B>(first: () => A, second: () => B): [A, B] {
  const problems = createProblems();
  const results = [problems.attempt(first), problems.attempt(second)];
  problems.settle();
  return results as [A, B];
}

/** Where a problem of a cell stands: a value that came whole from the matrix is wrong there, not where it was put. */
function positionIn(yaml: YamlFile, cell: Cell, { path, atKey }: Problem) {
  let here: unknown = yaml.value;
  for (const [depth, key] of path.entries()) {
    here = (here as Record<string | number, unknown> | undefined)?.[key];
    const name = aloneIn(here) ?? '';
    const origin = Object.hasOwn(cell.origins, name) ? cell.origins[name] : undefined;
    if (origin) return yaml.positionOf([...origin, ...path.slice(depth + 1)], atKey);
  }
  return yaml.positionOf(path, atKey);
}

function placed<T>(yaml: YamlFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InvalidError ? located(error, yaml) : error;
  }
}

function sameIds(cells: readonly SuiteCell[]): FileError['problems'] {
  const seen = new Map<string, SuiteCell>();
  return cells.flatMap((cell) => {
    const before = seen.get(cell.id);
    seen.set(cell.id, cell);
    if (!before) return [];
    const { file, line } = before.position;
    return [{ ...cell.position, message: `the id "${cell.id}" is taken by ${file}:${line}` }];
  });
}

/** Each cell of a matrix finds the same mistake again. In the order in which they stand. */
function unique(problems: FileError['problems']): FileError['problems'] {
  const each = new Map(problems.map((p) => [JSON.stringify(p), p]));
  return [...each.values()].sort(
    (a, b) => a.file.localeCompare(b.file) || a.line - b.line || a.column - b.column,
  );
}
