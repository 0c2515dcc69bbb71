import { chooseCells, type Choosing } from './choose.ts';
import { defaultPaths } from './default-paths.ts';
import type { Env } from '../load/environment.ts';
import { LAST_RUN_FOLDER, readLastRun } from './last-run.ts';
import { loadSuite, type LoadOptions } from '../load/load.ts';
import type { Suite } from '../suite.ts';

/** What a person says of which scenarios to run. */
export interface ChoosingScenarios
  extends Omit<LoadOptions, 'env'>, Omit<Choosing, 'lastRun' | 'ci'> {
  /** Only what did not pass in the last runs. */
  readonly lastFailed?: boolean;
  /** The folder that keeps what did not pass; `.brownout` unless said. */
  readonly output?: string;
}

/** What was loaded, and what of it is to be run. */
export interface Chosen {
  readonly loaded: Suite;
  readonly suite: Suite;
}

/**
 * @throws {FileError}
 * @throws {BrownoutError} `nothing_selected`
 */
export function chooseScenarios(
  paths: readonly string[],
  options: ChoosingScenarios,
  env: Env,
): Chosen {
  const loaded = loadSuite(paths.length > 0 ? paths : defaultPaths(), { ...options, env });
  const last = options.lastFailed ? { lastRun: readLastRun(lastRunFolder(options)) } : {};
  const choosing = { ...options, ...last, ci: isSet(env['CI']) };
  return { loaded, suite: chooseCells(loaded, choosing) };
}

export function lastRunFolder({ output }: Pick<ChoosingScenarios, 'output'>): string {
  return output ?? LAST_RUN_FOLDER;
}

/** Some say CI=false. */
function isSet(value: string | undefined): boolean {
  return value !== undefined && !['', '0', 'false'].includes(value.toLowerCase());
}
