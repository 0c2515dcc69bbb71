import type { RunEvent } from './scenario/events.ts';
import { loadSuite } from './scenario/load.ts';
import type { Result } from './scenario/result.ts';
import { runSuite } from './scenario/run.ts';
import { selectCells, type Selection } from './scenario/select.ts';
import { openSystem } from './system/open.ts';

export interface RunScenariosOptions extends Selection {
  /** Another system file of the same `system:` name to put under the scenarios. */
  readonly system?: string;
  /** Every draw follows from it. */
  readonly seed?: string;
  /** Interrupts the run. */
  readonly signal?: AbortSignal;
  /** Told of everything while it happens. */
  readonly on?: (event: RunEvent) => void;
}

/**
 * Runs the scenarios at the paths (files or folders), as `brownout run` does.
 * @throws {FileError} when a file is invalid
 */
export async function runScenarios(
  paths: readonly string[],
  options: RunScenariosOptions = {},
): Promise<Result> {
  const { seed = '1', system, signal, on } = options;
  const loaded = loadSuite(paths, { system, env: process.env });
  return runSuite({
    suite: { ...loaded, cells: selectCells(loaded.cells, options) },
    seed,
    openSystem: (spec) => openSystem(spec, seed),
    on: on ?? (() => {}),
    signal: signal ?? new AbortController().signal,
    env: process.env,
    startedAt: new Date(),
  });
}
