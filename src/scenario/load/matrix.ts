import { isDeepStrictEqual } from 'node:util';
import type { z } from 'zod';
import { InvalidError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { Choice, matrix as matrixSchema } from '../format/scenario.ts';

/** One cell of a matrix: its values, and where in the matrix each of them stands. */
export interface Cell {
  readonly values: Choice;
  /** The path, from the scenario's root, of each value. */
  readonly origins: Readonly<Record<string, readonly (string | number)[]>>;
}

/**
 * Every combination, less what `exclude` fits, then the cells of `include`.
 * @throws {InvalidError} at `matrix` when it gives no cell, or more than 5,000
 */
export function cellsOf(matrix: z.infer<typeof matrixSchema> | undefined): Cell[] {
  if (!matrix) return [{ values: {}, origins: {} }];
  const { exclude, include, ...axes } = matrix;
  const count = Object.keys(axes).length;
  if (count > MOST_AXES) {
    const message = `${count} names are too many: at most ${MOST_AXES}`;
    throw new InvalidError([{ path: ['matrix'], message }]);
  }
  const lengths = Object.values(axes).map((values) => values.length);
  const size = lengths.length === 0 ? 0 : lengths.reduce((product, length) => product * length);
  if (size + include.length > MOST_CELLS) {
    const many = Number.isSafeInteger(size) ? String(size + include.length) : 'so many';
    const message = `${many} cells are too many: at most ${MOST_CELLS}`;
    throw new InvalidError([{ path: ['matrix'], message }]);
  }
  checkExcluded(exclude, Object.keys(axes));
  const combined = Object.entries(axes).reduce<Cell[]>(
    (cells, [name, values]) =>
      cells.flatMap((cell) => values.map((value, i) => extended(cell, name, value, i))),
    [{ values: {}, origins: {} }],
  );
  const kept =
    Object.keys(axes).length === 0
      ? []
      : combined.filter(({ values }) => !exclude.some((e) => fits(e, values)));
  const included = include.map((values, i) => ({
    values,
    origins: Object.fromEntries(
      Object.keys(values).map((name) => [name, ['matrix', 'include', i, name]]),
    ),
  }));
  if (kept.length + included.length === 0) {
    throw new InvalidError([{ path: ['matrix'], message: 'the matrix has no cell' }]);
  }
  return [...kept, ...included];
}

/**
 * An axis that stands nowhere would run the same test under other names.
 * @throws {InvalidError} at each axis, and each key of `include`, that is not among `used`
 */
export function checkUsed(
  matrix: z.infer<typeof matrixSchema> | undefined,
  used: ReadonlySet<string>,
): void {
  const { exclude: _, include = [], ...axes } = matrix ?? {};
  const places = [
    ...Object.keys(axes).map((name) => ({ name, path: ['matrix', name] })),
    ...include.flatMap((cell, i) =>
      Object.keys(cell)
        .filter((name) => !Object.hasOwn(axes, name))
        .map((name) => ({ name, path: ['matrix', 'include', i, name] })),
    ),
  ];
  const problems = places
    .filter(({ name }) => !used.has(name))
    .map(({ name, path }) => ({ path, message: `no \${${name}} stands anywhere`, atKey: true }));
  if (problems.length > 0) throw new InvalidError(problems);
}

/** `[leaderboard,status:503]`: the values in the order of the matrix; nothing where there is no matrix. */
export function cellSuffix(values: Choice): string {
  const parts = Object.values(values).map(compact);
  return parts.length > 0 ? `[${parts.join(',')}]` : '';
}

function compact(value: unknown): string {
  // An id stands in one line.
  if (typeof value === 'string' && /\p{Cc}/u.test(value)) return JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return String(value);
  if (Array.isArray(value)) return value.map(compact).join('+');
  return Object.entries(value)
    .map(
      ([key, part]) => `${key}:${typeof part === 'object' ? JSON.stringify(part) : String(part)}`,
    )
    .join(';');
}

function extended({ values, origins }: Cell, name: string, value: unknown, i: number): Cell {
  return {
    values: { ...values, [name]: value },
    origins: { ...origins, [name]: ['matrix', name, i] },
  };
}

/** A misspelt name would exclude nothing, and nobody would see it. */
function checkExcluded(exclude: readonly Choice[], axes: readonly string[]): void {
  const problems = exclude.flatMap((one, i) =>
    Object.keys(one)
      .filter((name) => !axes.includes(name))
      .map((name) => ({
        path: ['matrix', 'exclude', i, name],
        message: `the matrix has no "${name}"${didYouMean(name, axes)}`,
        atKey: true,
      })),
  );
  if (problems.length > 0) throw new InvalidError(problems);
}

/** Whether a cell has all these values. */
export function fits(partial: Choice, values: Choice): boolean {
  return Object.entries(partial).every(([name, value]) => isDeepStrictEqual(value, values[name]));
}

const MOST_CELLS = 5000;
const MOST_AXES = 50;
