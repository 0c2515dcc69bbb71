import type { Position, Problem } from '../../common/errors.ts';
import type { YamlFile } from '../../common/yaml-file.ts';
import { aloneIn } from './interpolate.ts';

type Path = Problem['path'];

/** A place in a file, and where the values come from that were given to what stands there. */
export interface Origin {
  readonly yaml: YamlFile;
  readonly path: Path;
  /** By the names that stand for them there. */
  readonly given: Readonly<Record<string, Origin>>;
}

/** A value that came whole from elsewhere is wrong there, not where it was put. */
export function placeOf(
  { yaml, path, given }: Origin,
  below: Path,
  atKey: boolean,
  matrix: Readonly<Record<string, Origin>> = {},
): Position {
  let here = valueAt(yaml.value, path);
  for (let depth = 0; depth <= below.length; depth++) {
    const name = aloneIn(here) ?? '';
    const rest = below.slice(depth);
    if (given[name] && Object.hasOwn(given, name)) return placeOf(given[name], rest, atKey, matrix);
    // In the matrix itself nothing is put in: there, a name is a text like any other.
    if (matrix[name] && Object.hasOwn(matrix, name)) return placeOf(matrix[name], rest, atKey);
    here = valueAt(here, below.slice(depth, depth + 1));
  }
  return yaml.positionOf([...path, ...below], atKey);
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce(
    (here, key) => (here as Record<string | number, unknown> | undefined | null)?.[key],
    value,
  );
}
