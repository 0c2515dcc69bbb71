import { dirname, join } from 'node:path';
import { FileError, InvalidError, type Position } from '../../common/errors.ts';
import { createProblems } from '../../common/problems.ts';
import { whyNoFile } from '../../common/text-file.ts';
import { validate } from '../../common/validate.ts';
import { located, validateFile, type YamlFile } from '../../common/yaml-file.ts';
import type { SystemSpec } from '../../system/spec.ts';
import { checkJudged, checkScenario, stepsOf } from './check.ts';
import type { Files } from './files.ts';
import { fileLike } from './file-like.ts';
import { fillIn } from './fill-in.ts';
import type { Contract } from '../format/contract.ts';
import type { During } from '../format/during.ts';
import { scenarioFile, scenarioHead } from '../format/scenario.ts';
import type { Fragments } from './fragments.ts';
import { growthOf, namesIn } from './interpolate.ts';
import { checkMarks, markOf } from '../choose/marks.ts';
import { cellsOf, cellSuffix, checkUsed, type Cell } from './matrix.ts';
import { openExpected } from './open-expected.ts';
import { planFaults } from './plan-faults.ts';
import type { CellLoad, FileKind, SuiteCell } from '../suite.ts';
import { templateOf, type Template } from './template.ts';

/** Another system of the same name, which is put under the scenarios. */
export interface Override {
  readonly file: string;
  readonly spec: SystemSpec;
}

/**
 * The cells of a scenario.
 * @throws {FileError} with every problem that its cells have
 */
export function loadScenario(
  yaml: YamlFile,
  files: Files,
  override: Override | undefined,
): SuiteCell[] {
  const head = validateFile(scenarioHead, yaml);
  const { system, contract, systemFile, fragments } = readUsed(yaml, head.use, files, override);
  const template = templateOf(yaml, fragments);
  const parts = { template, system, contract, systemFile, files };
  const problems: FileError['problems'][number][] = [];
  const all = placed(yaml, () => cellsOf(head.matrix));
  if (growthOf(template.value, all) > MOST_GROWTH) {
    const message = 'its values, put in, would make this file larger than 16 MB';
    throw located(new InvalidError([{ path: ['matrix'], message }]), yaml);
  }
  const cells = all.flatMap((cell) => {
    try {
      return [loadCell(cell, parts)];
    } catch (error) {
      if (!(error instanceof InvalidError)) throw error;
      const found = error.problems.map(({ path, message, atKey }) => ({
        ...template.positionOf(path, atKey, cell.origins),
        message,
      }));
      // What is wrong at a place is told by the first cell: the next differs in its values only.
      const known = new Set(problems.map(placeOf));
      problems.push(...found.filter((problem) => !known.has(placeOf(problem))));
      return [];
    }
  });
  if (problems.length > 0) throw new FileError(problems);
  // After all else: a misspelt variable is why its name stands nowhere.
  placed(yaml, () => checkUsed(head.matrix, namesIn(template.value)));
  placed(yaml, () => checkMarks(template.value, all));
  return cells;
}

interface Parts {
  readonly system: SystemSpec;
  /** Where it is, when it is not the one that the scenario names. */
  readonly systemFile: string | undefined;
  readonly contract: Contract | undefined;
}

/** Reads the files that a scenario names. */
function readUsed(
  yaml: YamlFile,
  use: readonly string[],
  files: Files,
  override: Override | undefined,
): Parts & { readonly fragments: Fragments } {
  const fail = (path: readonly (string | number)[], message: string) =>
    located(new InvalidError([{ path, message }]), yaml);
  const paths = use.map((path) => join(dirname(yaml.file), path));
  for (const [i, path] of paths.entries()) {
    const missing = whyNoFile(path);
    if (missing !== undefined) throw fail(['use', i], `${missing}: ${path}${fileLike(path, yaml)}`);
  }
  const kinds = paths.map((path) => files.source(path).kind);
  for (const [i, kind] of kinds.entries()) {
    if (['system', 'contract', 'fragment'].includes(kind)) continue;
    throw fail(['use', i], `expected a system, a contract or a fragment, this is a ${kind}`);
  }
  const used = (kind: FileKind) => paths.filter((_, i) => kinds[i] === kind);
  const [systemPath, ...otherSystems] = used('system');
  const [contractPath, ...otherContracts] = used('contract');
  if (systemPath === undefined)
    throw fail(['use'], 'name one system file, such as ./system.yaml: this names none');
  if (otherSystems.length > 0)
    throw fail(['use'], `name one system file: this names ${otherSystems.length + 1}`);
  if (otherContracts.length > 0)
    throw fail(['use'], `name at most one contract file: this names ${otherContracts.length + 1}`);
  const byName = new Map<string, string>();
  for (const path of used('fragment')) {
    const { name } = files.fragment(path);
    const taken = byName.get(name);
    if (taken !== undefined)
      throw fail(['use', paths.indexOf(path)], `the fragment "${name}" is ${taken} already`);
    byName.set(name, path);
  }
  const own = files.system(systemPath);
  const overridden = override !== undefined && override.spec.system === own.system;
  const system = overridden ? override.spec : own;
  return {
    system,
    systemFile: overridden ? override.file : undefined,
    contract: contractPath === undefined ? undefined : files.contract(contractPath, system),
    fragments: { files, byName },
  };
}

/** @throws {InvalidError} whose paths start at the scenario's root, the cell's values put in */
function loadCell(
  { values, origins }: Cell,
  {
    template,
    system,
    contract,
    systemFile,
    files,
  }: Parts & {
    readonly template: Template;
    readonly files: Files;
  },
): SuiteCell {
  const written = openExpected(fillIn(template.value, values), template, files);
  const [spec, faults] = allOf(
    () => {
      const checked = validate(scenarioFile, written);
      checkScenario(checked, system, contract);
      return checked;
    },
    () => planFaults(written, system),
  );
  checkJudged(faults, spec, system, contract);
  return {
    id: `${spec.id}${cellSuffix(values)}`,
    scenario: spec.scenario,
    position: template.positionOf(['scenario'], true),
    tags: spec.tags,
    system,
    systemFile,
    contract,
    faults,
    steps: stepsOf(spec),
    setup: spec.setup,
    teardown: spec.teardown,
    recoveryWithin: spec.recovery.within,
    load: spec.during && loadOf(spec.during, template),
    skip: markOf(spec.skip, values),
    only: markOf(spec.only, values),
    timeout: spec.timeout,
    valueLines: () => Object.values(origins).map((path) => template.positionOf(path).line),
    positionOf(section, step, expectation) {
      const root = section !== 'steps' || spec.steps ? [section, step] : [];
      const { file, line, column } = template.positionOf([...root, 'expect', expectation], true);
      return `${file}:${line}:${column}`;
    },
  };
}

function loadOf({ load, expect }: During, template: Template): CellLoad {
  const { rate, for: forMs, get, as, connections } = load;
  const own = { method: 'GET', path: get ?? '', as, headers: {}, json: undefined };
  return {
    request: get === undefined ? 'of the contract' : own,
    rate,
    forMs,
    connections,
    expect,
    positionOf(expectation) {
      const { file, line, column } = template.positionOf(['during', 'expect', expectation], true);
      return `${file}:${line}:${column}`;
    },
  };
}

/** Both, or the problems of both. */
function allOf<A, B>(first: () => A, second: () => B): [A, B] {
  const problems = createProblems();
  const results = [problems.attempt(first), problems.attempt(second)];
  problems.settle();
  return results as [A, B];
}

function placeOf({ file, line, column }: Position): string {
  return `${file}:${line}:${column}`;
}

function placed<T>(yaml: YamlFile, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw error instanceof InvalidError ? located(error, yaml) : error;
  }
}

/** Of characters, over all cells. */
const MOST_GROWTH = 16 * 1024 ** 2;
