import { dirname, join } from 'node:path';
import { FileError, InvalidError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import { whyNoFile } from '../../common/text-file.ts';
import { validate } from '../../common/validate.ts';
import type { Files } from './files.ts';
import { useStep } from '../format/fragment.ts';
import { interpolate, namesIn } from './interpolate.ts';
import { placeOf, type Origin } from './origin.ts';

/** The fragments that a scenario can use. */
export interface Fragments {
  readonly files: Files;
  /** The files of those that its `use` lists, by the names that they have. */
  readonly byName: ReadonlyMap<string, string>;
}

/** A step that is none of `use`, and where it was written. */
interface Expanded {
  readonly step: unknown;
  readonly origin: Origin;
}

/**
 * The steps of a list, those of fragments in the places of the steps that use them.
 * @param list where the list stands
 * @throws {FileError}
 */
export function expandSteps(list: Origin, { files, byName }: Fragments): Expanded[] {
  let count = 0;
  return expand(list, stepsAt(list), []);

  function expand(list: Origin, steps: readonly unknown[], chain: readonly string[]): Expanded[] {
    return steps.flatMap((step, i) => {
      const origin = { ...list, path: [...list.path, i] };
      if (isUse(step)) return used(step, origin, chain);
      if (++count > MOST_STEPS)
        throw wrong(origin, [], `more than ${MOST_STEPS} steps, with those of its fragments`);
      return [{ step, origin }];
    });
  }

  function used(written: object, origin: Origin, chain: readonly string[]): Expanded[] {
    const { use, with: values } = placed(origin, () => validate(useStep, written));
    const file = fileOf(use, origin);
    const { yaml, steps } = files.fragment(file);
    const way = [...(chain.length > 0 ? chain : [origin.yaml.file]), yaml.file];
    if (chain.includes(yaml.file))
      throw wrong(origin, ['use'], `fragments use each other without an end: ${way.join(' → ')}`);
    if (way.length > MOST_DEPTH)
      throw wrong(origin, ['use'], `fragments in fragments, more than ${MOST_DEPTH} deep`);
    const names = namesIn(steps);
    for (const name of Object.keys(values)) {
      if (names.has(name)) continue;
      const message = `no \${${name}} stands in ${yaml.file}${didYouMean(name, [...names])}`;
      throw wrong(origin, ['with', name], message, true);
    }
    const given = Object.fromEntries(
      Object.keys(values).map((name) => [
        name,
        { ...origin, path: [...origin.path, 'with', name] },
      ]),
    );
    // What else it names is of the matrix, or captured: it is put in later.
    const filled = steps.map((step) => interpolate(step, values, namesIn(step)));
    return expand({ yaml, path: ['steps'], given }, filled, way);
  }

  function fileOf(use: string, origin: Origin): string {
    if (!isPath(use)) {
      const named = byName.get(use);
      if (named !== undefined) return named;
      const hint =
        byName.size > 0
          ? didYouMean(use, [...byName.keys()])
          : `: name its file here, such as ./${use}.yaml, or in the scenario’s use`;
      throw wrong(origin, ['use'], `unknown fragment "${use}"${hint}`);
    }
    const path = join(dirname(origin.yaml.file), use);
    const missing = whyNoFile(path);
    if (missing !== undefined) throw wrong(origin, ['use'], `${missing}: ${path}`);
    return path;
  }
}

/** Whether a step stands for those of a fragment. */
export function isUse(step: unknown): step is object {
  return typeof step === 'object' && step !== null && Object.hasOwn(step, 'use');
}

/** What is no name is a path. */
function isPath(use: string): boolean {
  return /[./]/.test(use);
}

function stepsAt({ yaml, path }: Origin): readonly unknown[] {
  return (yaml.value as Record<string, unknown[]>)[String(path[0])] ?? [];
}

function placed<T>(origin: Origin, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    throw new FileError(
      error.problems.map(({ path, message, atKey = false }) => ({
        ...placeOf(origin, path, atKey),
        message,
      })),
    );
  }
}

function wrong(origin: Origin, path: readonly string[], message: string, atKey = false): FileError {
  return new FileError([{ ...placeOf(origin, path, atKey), message }]);
}

const MOST_STEPS = 1000;
const MOST_DEPTH = 20;
