import { readdirSync, readFileSync } from 'node:fs';
import { root } from '../../helpers/root.ts';

/** The title of a test or a suite. */
export interface Title {
  /** `test/portal/outages.test.ts` */
  readonly file: string;
  readonly title: string;
  readonly rows: readonly number[];
}

/** Every title in the tests' source, with the rows that it names: `… (row 41)`, `… (rows 46, 47)`. */
export function titlesOfTests(): readonly Title[] {
  return readdirSync(new URL('test/', root), { recursive: true, encoding: 'utf8' })
    .map((path) => `test/${path}`)
    .filter((path) => path.endsWith('.test.ts') && !path.startsWith('test/portal/conformance/'))
    .flatMap((file) => titlesIn(file, readFileSync(new URL(file, root), 'utf8')));
}

/** The titles of `it(…)` and `describe(…)` in a source, with the rows that each names. */
export function titlesIn(file: string, source: string): readonly Title[] {
  return [...source.matchAll(CALL)].map(([, , title = '']) => ({
    file,
    title,
    rows: [...title.matchAll(NAMED)].flatMap(([, list = '']) => list.split(/, ?/).map(Number)),
  }));
}

const CALL = /\b(?:it|describe)\(\s*(['"`])((?:\\.|(?!\1).)*)\1/gs;
const NAMED = /\(rows? (\d+(?:, ?\d+)*)\)/g;
