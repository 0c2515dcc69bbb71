import { chooseScenarios, type ChoosingScenarios } from './scenario/choose/chosen.ts';
import type { RunEvent } from './scenario/events.ts';
import { keepLastRun } from './scenario/choose/last-run.ts';
import type { Result } from './scenario/result.ts';
import type { RunPolicy } from './scenario/run/run-options.ts';
import { runSuite } from './scenario/run/run.ts';
import { openSystem } from './system/open.ts';

export interface RunScenariosOptions extends ChoosingScenarios, RunPolicy {
  /** Every draw follows from it. */
  readonly seed?: string;
  /** Interrupts the run. */
  readonly signal?: AbortSignal;
  /** Told of everything while it happens. */
  readonly on?: (event: RunEvent) => void;
}

/**
 * Runs the scenarios at the paths (files, folders or `file:line`; without any, what `brownout.yaml` says, or `scenarios`), as
 * `brownout run` does. What did not pass is kept for `lastFailed` where `output` names a folder.
 * @throws {FileError} when a file is invalid
 * @throws {BrownoutError} `nothing_selected` when there are cells, and none is left to run
 */
export async function runScenarios(
  paths: readonly string[],
  options: RunScenariosOptions = {},
): Promise<Result> {
  const { seed = '1', output, signal, on } = options;
  const { loaded, suite } = chooseScenarios(paths, options, process.env);
  const result = await runSuite({
    suite,
    seed,
    openSystem: (spec) => openSystem(spec, seed),
    on: on ?? (() => {}),
    signal: signal ?? new AbortController().signal,
    env: process.env,
    startedAt: new Date(),
    policy: options,
  });
  if (output !== undefined) keepLastRun(output, loaded, result.cells);
  return result;
}
