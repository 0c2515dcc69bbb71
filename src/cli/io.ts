/** The world as commands see it: read once, at the edge. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborts when the user interrupts: everything is then put back. */
  readonly signal: AbortSignal;
  /** A fresh seed, for when none was given. */
  readonly randomSeed: () => string;
  readonly now: () => Date;
}

export interface Output {
  readonly write: (text: string) => void;
  /** Whether colour may be shown. */
  readonly colour: boolean;
  /** A person watches: lines may be drawn again. */
  readonly live: boolean;
  /** Columns, as they are now: people change the size of their windows. */
  readonly width: number;
  /** Lines of text, as they are now. */
  readonly rows: number;
  /** Aborts when nobody reads it any more. */
  readonly closed: AbortSignal;
}

/** What a command ends with, where it is not 0. */
export class Exit extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.code = code;
  }
}
