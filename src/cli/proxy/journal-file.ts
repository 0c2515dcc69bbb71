import { open, type FileHandle } from 'node:fs/promises';
import { finished } from 'node:stream/promises';
import { BrownoutError, messageOf } from '../../common/errors.ts';
import type { FaultControl } from '../../proxy/fault-control.ts';

/**
 * Opens a file to append a journal to.
 * @throws {BrownoutError} `cannot_write`
 */
export async function openJournalFile(path: string): Promise<FileHandle> {
  try {
    return await open(path, 'a');
  } catch (error) {
    const message = `--journal: ${path} cannot be written: ${messageOf(error)}`;
    throw new BrownoutError('cannot_write', message, { cause: error });
  }
}

/**
 * Writes a line of JSON for each exchange when it ends. Disposing it, after the proxy, writes what is still to be written.
 * @param trouble told once, should the file not take more, and when exchanges were lost
 */
export function recordJournal(
  control: FaultControl,
  file: FileHandle,
  trouble: (message: string) => void,
): AsyncDisposable {
  const stop = new AbortController();
  const stream = file.createWriteStream();
  const ended = finished(stream).catch((error: unknown) => {
    trouble(`the journal is written no further: ${messageOf(error)}`);
    stop.abort();
  });
  const recorded = record();

  return {
    async [Symbol.asyncDispose]() {
      await recorded;
      stream.end();
      await ended;
    },
  };

  async function record(): Promise<void> {
    for await (const event of control.events(stop.signal)) {
      if (event.type === 'lost')
        trouble(`the journal lacks ${event.count} events: they came too fast`);
      if (event.type !== 'exchange' || event.entry.end === 'pending') continue;
      stream.write(`${JSON.stringify(event.entry)}\n`);
      // Where the disk is slow, what waits is counted, not kept.
      if (stream.writableLength > MOST_WAITING) await drained();
    }
  }

  function drained(): Promise<void> {
    return new Promise((resolve) => {
      stream.once('drain', resolve);
      stop.signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}

const MOST_WAITING = 16 * 1024 ** 2;
