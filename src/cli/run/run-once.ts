import { messageOf } from '../../common/errors.ts';
import { lastRunFolder, type Chosen } from '../../scenario/choose/chosen.ts';
import { keepLastRun } from '../../scenario/choose/last-run.ts';
import { runSuite } from '../../scenario/run/run.ts';
import { openSystem } from '../../system/open.ts';
import type { Io } from '../io.ts';
import { policyOf, type RunFlags } from './flags.ts';
import { reporterSpecs } from './reporter-specs.ts';
import { withReports } from './with-reports.ts';

/** Runs what was chosen, writes the reports, and gives the exit code. */
export function runOnce({ loaded, suite }: Chosen, flags: RunFlags, io: Io): Promise<number> {
  const seed = flags.seed ?? io.randomSeed();
  const wanted = { specs: reporterSpecs(flags), verbose: flags.verbose === true };
  return withReports(wanted, io, async (reports) => {
    const { exit, cells } = await runSuite({
      suite,
      seed,
      openSystem: (spec) => openSystem(spec, seed),
      on: (event) => reports.on(event),
      signal: io.signal,
      env: io.env,
      startedAt: io.now(),
      policy: policyOf(flags),
    });
    try {
      // A run that breaks nothing has repeated no failure.
      if (flags.faults) keepLastRun(lastRunFolder(flags), loaded, cells);
    } catch (error) {
      // It is there for the next run's convenience: it changes nothing about this one.
      io.stderr.write(`--last-failed will not know of this run: ${messageOf(error)}\n`);
    }
    return exit;
  });
}
