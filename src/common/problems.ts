import { InvalidError, type Problem } from './errors.ts';

/** What is wrong in several places: who mends a file wants to hear of everything at once. */
export interface Problems {
  /** What `work` gives; undefined where it throws an InvalidError, whose problems are kept as `placed` makes them. */
  attempt<T>(work: () => T, placed?: (problem: Problem) => Problem): T | undefined;
  readonly all: readonly Problem[];
  /** @throws {InvalidError} when there are any */
  settle(): void;
}

export function createProblems(): Problems {
  const all: Problem[] = [];
  return {
    attempt(work, placed = (problem) => problem) {
      try {
        return work();
      } catch (error) {
        if (!(error instanceof InvalidError)) throw error;
        all.push(...error.problems.map(placed));
        return undefined;
      }
    },
    all,
    settle() {
      if (all.length > 0) throw new InvalidError(all);
    },
  };
}

/** What `read` gives; what it throws has its paths below `path`. */
export function below<T>(path: Problem['path'], read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof InvalidError)) throw error;
    throw new InvalidError(error.problems.map((p) => ({ ...p, path: [...path, ...p.path] })));
  }
}
