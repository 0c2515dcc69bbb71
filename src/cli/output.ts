import { supportsColor } from 'chalk';
import type { Output } from './io.ts';

/** A stream of this process, until nobody reads it any more or it can hold no more. */
export interface Stream extends Output {
  /** Why it could not be written to, where somebody would have read it. */
  failure(): Error | undefined;
}

/** chalk knows NO_COLOR, FORCE_COLOR, CI and terminals; a flag wins over all of them. */
export function openOutput(stream: NodeJS.WriteStream, argv: readonly string[]): Stream {
  const closed = new AbortController();
  let failure: Error | undefined;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // `brownout run | head` takes what it wants and goes: the verdict is still worth its exit code.
    if (error.code !== 'EPIPE' && !closed.signal.aborted) failure = error;
    closed.abort();
  });
  const wanted = argv.includes('--no-color') ? false : argv.includes('--color') ? true : undefined;
  const capable =
    supportsColor !== false && (stream.isTTY || process.env['FORCE_COLOR'] !== undefined);
  return {
    write(text) {
      if (!closed.signal.aborted) stream.write(text);
    },
    colour: wanted ?? (capable && !process.env['NO_COLOR']),
    live: stream.isTTY && !process.env['CI'] && process.env['TERM'] !== 'dumb',
    // Some terminals say that they have no size at all.
    get width() {
      return stream.columns || 80;
    },
    get rows() {
      return stream.rows || 24;
    },
    closed: closed.signal,
    failure: () => failure,
  };
}
