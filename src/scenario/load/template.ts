import { dirname } from 'node:path';
import type { Position, Problem } from '../../common/errors.ts';
import type { YamlFile } from '../../common/yaml-file.ts';
import { SECTIONS, type Section } from './fill-in.ts';
import { expandSteps, type Fragments } from './fragments.ts';
import { placeOf, type Origin } from './origin.ts';

type Path = Problem['path'];

/** A scenario that the values of a cell are put into, the steps of its fragments in their places. */
export interface Template {
  readonly value: Readonly<Record<string, unknown>>;
  /** Where the value at a path was written; `origins` says where in the scenario the matrix has its values. */
  positionOf(path: Path, atKey?: boolean, origins?: Readonly<Record<string, Path>>): Position;
  /** The folder of the file in which a step, or else the scenario itself, was written. */
  folderOf(section?: Section, step?: number): string;
}

/** @throws {FileError} where a fragment cannot be used */
export function templateOf(yaml: YamlFile, fragments: Fragments): Template {
  const { matrix: _, ...value } = yaml.value as Record<string, unknown>;
  const root: Origin = { yaml, path: [], given: {} };
  const steps = new Map<string, readonly Origin[]>();
  for (const section of SECTIONS) {
    // What is no list is told by the scenario's own schema.
    if (!Array.isArray(value[section])) continue;
    const expanded = expandSteps({ ...root, path: [section] }, fragments);
    value[section] = expanded.map(({ step }) => step);
    steps.set(
      section,
      expanded.map(({ origin }) => origin),
    );
  }
  const stepAt = (section: unknown, i: unknown) => steps.get(String(section))?.[Number(i)];

  return {
    value,
    positionOf([section, i, ...below], atKey = false, origins = {}) {
      const matrix = Object.fromEntries(
        Object.entries(origins).map(([name, path]) => [name, { ...root, path }]),
      );
      const step = stepAt(section, i);
      if (step) return placeOf(step, below, atKey, matrix);
      const path = [section, i].filter((key) => key !== undefined);
      return placeOf(root, [...path, ...below], atKey, matrix);
    },
    folderOf: (section, i) => dirname((stepAt(section, i) ?? root).yaml.file),
  };
}
