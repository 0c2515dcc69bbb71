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

  constructor(
    problems: readonly (Position & { readonly message: string })[],
    options?: ErrorOptions,
  ) {
    const told = problems
      .slice(0, MOST_TOLD)
      .map((p) => `${p.file}:${p.line}:${p.column}: ${shortened(p.message)}`);
    const rest = problems.length - told.length;
    super('invalid_file', [...told, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n'), options);
    this.problems = problems;
  }
}

/** A file that is too large to be read, whatever it holds. */
export class TooLargeError extends FileError {}

/** The message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** A name of a file may be as long as the file. */
function shortened(message: string): string {
  return message.length > LONGEST ? `${message.slice(0, LONGEST)}…` : message;
}

function describeProblem({ path, message }: Problem): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}

/** Who mends so many will ask again. */
const MOST_TOLD = 50;
const LONGEST = 1000;
