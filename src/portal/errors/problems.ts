import type { Problem } from '../../common/errors.ts';

/** What is wrong with one value of a request. Never holds the value itself, which may be a password. */
export interface RequestProblem extends Problem {
  /** Where the value was looked for; the body unless told otherwise. */
  readonly in?: 'body' | 'query' | 'path' | 'header';
  /** A word for programs, `missing`. */
  readonly type?: string;
}

/** Where it is, from the request: `['body', 'players', 0, 'name']`. */
export function locationOf(problem: RequestProblem): readonly (string | number)[] {
  return [problem.in ?? 'body', ...problem.path];
}

/** All of them in one line, for formats that have no list. */
export function inOneLine(problems: readonly RequestProblem[]): string {
  const places = problems.map(
    (problem) => `${problem.message} at ${locationOf(problem).join('.')}`,
  );
  return `Invalid request parameters: ${places.join('; ') || 'Validation failed'}`;
}
