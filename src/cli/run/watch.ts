import { join, relative } from 'node:path';
import { BrownoutError, FileError } from '../../common/errors.ts';
import { lastRunFile } from '../../scenario/choose/last-run.ts';
import { chooseScenarios, lastRunFolder } from '../../scenario/choose/chosen.ts';
import { CONFIG_FILE } from '../../scenario/choose/default-paths.ts';
import type { Suite } from '../../scenario/suite.ts';
import { INTERRUPTED } from '../exit-codes.ts';
import { Exit, type Io } from '../io.ts';
import { affectedBy } from './affected.ts';
import { watchChanges } from './changes.ts';
import type { RunFlags } from './flags.ts';
import { reporterSpecs } from './reporter-specs.ts';
import { runOnce } from './run-once.ts';

/** Runs, and runs again what is affected whenever a file changes, until the user interrupts. */
export async function watchAndRun(
  paths: readonly string[],
  flags: RunFlags,
  io: Io,
): Promise<never> {
  const { signal, stderr, env } = io;
  let known = new Set<string>();
  let busy = false;
  const isOurs = (file: string) => known.has(relative('', file)) || isScenarioFile(file);
  await using changes = watchChanges(isOurs, () => busy, outputs(flags));
  let changed: readonly string[] | undefined;
  for (;;) {
    busy = true;
    changes.add(rootsOf(paths));
    await told(async () => {
      const { loaded, suite } = chooseScenarios(paths, flags, env);
      known = new Set([...loaded.files.map(({ file }) => file), ...(loaded.named ?? [])]);
      changes.add(partsOf(loaded));
      const cells = changed ? affectedBy(changed, suite) : suite.cells;
      if (changed) stderr.write(`${changeLine(changed, cells.length)}\n`);
      if (cells.length > 0) await runOnce({ loaded, suite: { ...suite, cells } }, flags, io);
    });
    busy = false;
    changed = await changes.next(signal, () =>
      stderr.write('\nwaiting for files to change, Ctrl-C ends\n'),
    );
    if (signal.aborted) throw new Exit(INTERRUPTED);
  }

  /** What a user can mend is told, and waited for. */
  async function told(work: () => Promise<unknown>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof BrownoutError)) throw error;
      stderr.write(`${error instanceof FileError ? '' : 'error: '}${error.message}\n`);
    }
  }
}

/** What was named, also where it is not there yet. */
function rootsOf(paths: readonly string[]): string[] {
  return [CONFIG_FILE, ...(paths.length > 0 ? paths.map((path) => path.replace(LINE, '')) : [])];
}

/** What was read, and what the services under test are made of. */
function partsOf({ files, named = [], cells }: Suite): string[] {
  const systems = [...new Set(cells.map(({ system }) => system))];
  const services = systems.flatMap(({ directory, service: { start, cwd } }) =>
    'command' in start ? [join(directory, cwd ?? '.')] : [],
  );
  return [...files.map(({ file }) => file), ...named, ...services];
}

/** What this run writes itself. */
function outputs(flags: RunFlags): string[] {
  const reports = reporterSpecs(flags).flatMap((spec) => /=(.+)$/.exec(spec)?.[1] ?? []);
  return [...reports, lastRunFile(lastRunFolder(flags))];
}

function isScenarioFile(file: string): boolean {
  return /\.ya?ml$/.test(file);
}

function changeLine(changed: readonly string[], cells: number): string {
  const names = changed.slice(0, MOST_NAMES).map((file) => relative('', file));
  const more = changed.length > MOST_NAMES ? ` and ${changed.length - MOST_NAMES} more` : '';
  const what = cells === 0 ? 'nothing that was chosen is affected' : `${cells} to run again`;
  return `\n${names.join(', ')}${more} changed: ${what}`;
}

const LINE = /(:\d+){1,2}$/;
const MOST_NAMES = 3;
