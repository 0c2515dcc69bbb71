/** Where in a file something stands; line and column count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** An error that people can act on: its message is a whole sentence and needs no stack. `code` tells the classes apart. */
export class BrownoutError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BrownoutError';
    this.code = code;
  }
}

/** Something wrong in a value that people wrote: `path` leads to it from the value's root. */
export interface Problem {
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** The key itself is wrong, not the value it holds. */
  readonly atKey?: boolean;
}

/** A value that does not fit its format, before anyone knows which file it came from. */
export class InvalidError extends BrownoutError {
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super('invalid', problems.map(describeProblem).join('\n'));
    this.problems = problems;
  }
}

/** With one thing wrong: what `path` leads to. */
export function invalid(path: Problem['path'], message: string): InvalidError {
  return new InvalidError([{ path, message }]);
}

/** A file that cannot be used, with the position of each reason. */
export class FileError extends BrownoutError {
  readonly problems: readonly (Position & { readonly message: string })[];

  constructor(problems: readonly (Position & { readonly message: string })[]) {
    super(
      'invalid_file',
      problems.map((p) => `${p.file}:${p.line}:${p.column}: ${p.message}`).join('\n'),
    );
    this.problems = problems;
  }
}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

function describeProblem({ path, message }: Problem): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}
