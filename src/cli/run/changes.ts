import { watch, type FSWatcher } from 'chokidar';
import type { Stats } from 'node:fs';
import { basename, resolve } from 'node:path';

/** Waits for files to change. */
export interface Changes extends AsyncDisposable {
  /** Watches these too, and what folders hold. */
  add(paths: readonly string[]): void;
  /**
   * The files that have changed since the last time, when there are any; none where `signal` aborts. What is changed once
   * `ready` was called is seen.
   */
  next(signal: AbortSignal, ready: () => void): Promise<readonly string[]>;
}

/**
 * What a service writes while it runs must not make it run again: while one runs, only the files count that are
 * ours.
 * @param ignored files and folders that are written by brownout itself
 */
export function watchChanges(
  isOurs: (file: string) => boolean,
  isBusy: () => boolean,
  ignored: readonly string[],
): Changes {
  const never = new Set(ignored.map((path) => resolve(path)));
  const changed = new Set<string>();
  let tell = () => {};
  let idleFrom = 0;
  const note = (file: string, at: number | undefined) => {
    const busy = isBusy() || (at ?? 0) <= idleFrom;
    if (busy && !isOurs(file)) return;
    changed.add(file);
    tell();
  };
  const watcher: FSWatcher = watch([], {
    ignoreInitial: true,
    alwaysStat: true,
    // Not every editor writes a file at once, or keeps it where it is.
    awaitWriteFinish: { stabilityThreshold: SETTLING_MS, pollInterval: POLL_MS },
    ignored: (path) => isHidden(path) || never.has(resolve(path)),
  });
  watcher.on('all', (event, file, stats?: Stats) => {
    if (event === 'add' || event === 'change') note(file, stats?.mtimeMs);
    // What is taken away stops being a scenario; of the rest, services clear up after themselves.
    if (event === 'unlink') note(file, undefined);
  });
  // What cannot be watched is not: the rest goes on.
  watcher.on('error', () => {});
  return {
    add: (paths) => void watcher.add([...paths]),
    async next(signal, ready) {
      idleFrom = Date.now();
      // The clock of a file system may go in steps.
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
      if (!signal.aborted) ready();
      if (changed.size === 0) await untilTold(signal);
      const files = [...changed];
      changed.clear();
      return files;
    },
    [Symbol.asyncDispose]: () => watcher.close(),
  };

  function untilTold(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      tell = done;
      if (signal.aborted) done();
      else signal.addEventListener('abort', done, { once: true });
    });
  }
}

function isHidden(path: string): boolean {
  const name = basename(path);
  return name === 'node_modules' || (name.startsWith('.') && name !== '.' && name !== '..');
}

const SETTLING_MS = 100;
const POLL_MS = 20;
