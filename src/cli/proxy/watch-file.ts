import { watch, type FSWatcher } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

/**
 * Calls `changed`, one call after another, when a file has another text and has kept it for a moment: also where an editor
 * puts another file in its place. What the system does not tell of (a network disk, a folder that was replaced) is seen by
 * a look each second. Disposing it waits for the call that is under way.
 * @param since the text that is known already
 */
export function watchFile(
  file: string,
  since: string | undefined,
  changed: () => Promise<void>,
): AsyncDisposable {
  let known = since;
  let settling: NodeJS.Timeout | undefined;
  let working: Promise<void> = Promise.resolve();
  let over = false;

  const watcher = watchFolder(file, () => {
    clearTimeout(settling);
    settling = setTimeout(look, SETTLING_MS);
  });
  const looking = setInterval(look, LOOK_MS);

  return {
    async [Symbol.asyncDispose]() {
      over = true;
      clearTimeout(settling);
      clearInterval(looking);
      watcher?.close();
      await working;
    },
  };

  function look(): void {
    working = working.then(async () => {
      const first = await textOf(file);
      if (over || first === known) return;
      // Not every editor writes it at once.
      await new Promise((resolve) => setTimeout(resolve, SETTLING_MS));
      const text = await textOf(file);
      if (over || text !== first) return;
      known = text;
      await changed();
    });
  }
}

/** The folder, and not the file: what is put in its place is another file. */
function watchFolder(file: string, touched: () => void): FSWatcher | undefined {
  try {
    const name = basename(file);
    const watcher = watch(dirname(file), (_, what) => {
      // A file that is a link may change by what its link leads through.
      if (what === null || what === name || what.startsWith('..')) touched();
    });
    // It then goes on by the look each second.
    watcher.on('error', () => watcher.close());
    return watcher;
  } catch {
    return undefined;
  }
}

/** Undefined while there is none. */
export function textOf(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}

const SETTLING_MS = 50;
const LOOK_MS = 1000;
