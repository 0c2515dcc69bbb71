import { Command } from 'commander';
import type { Selection } from '../../scenario/select.ts';
import { EXIT_CODES } from '../exit-codes.ts';
import { JUDGE } from '../groups.ts';
import { Exit, type Io } from '../io.ts';
import { collect, pathsArgument } from '../options.ts';

interface Options extends Selection {
  readonly system?: string;
  readonly seed?: string;
  readonly reporter?: readonly string[];
  readonly verbose?: true;
}

export const run = (io: Io): Command =>
  new Command('run')
    .description('run scenarios and judge how the service degrades')
    .helpGroup(JUDGE)
    .addArgument(pathsArgument('scenario files, or folders of them'))
    .option('--system <file>', 'put another system of the same name under the scenarios')
    .option('--tag <tag>', 'only scenarios with this tag (repeatable)', collect)
    .option('--grep <text>', 'only cells whose id or scenario contains this')
    .option('--id <id>', 'only this cell')
    .option('--seed <n>', 'repeat the draws of an earlier run')
    .option(
      '--reporter <name[=file]>',
      'list, json, junit or github (repeatable; list unless told otherwise)',
      collect,
    )
    .option('--verbose', 'tell of every failure in full, not once for those that are alike')
    .addHelpText(
      'after',
      `
Examples:
  brownout run scenarios/portal --tag smoke
  brownout run scenarios/portal --reporter list --reporter junit=results.xml
  brownout run scenarios/portal --system scenarios/portal/unprotected.yaml

Exit codes:
${Object.entries(EXIT_CODES)
  .map(([code, meaning]) => `  ${code.padEnd(4)} ${meaning}`)
  .join('\n')}`,
    )
    .action(async (paths: readonly string[], options: Options) => {
      const { openReports } = await import('../../report/open.ts');
      const { loadSuite } = await import('../../scenario/load.ts');
      const { runSuite } = await import('../../scenario/run.ts');
      const { selectCells } = await import('../../scenario/select.ts');
      const { openSystem } = await import('../../system/open.ts');
      const loaded = loadSuite(paths, { system: options.system, env: io.env });
      const suite = { ...loaded, cells: selectCells(loaded.cells, options) };
      const seed = options.seed ?? io.randomSeed();
      const reports = await openReports(options.reporter ?? [], {
        out: io.stdout,
        verbose: options.verbose === true,
        now: () => performance.now(),
        env: io.env,
      });
      const ticker = io.stdout.live ? setInterval(() => reports.tick(), TICK_MS) : undefined;
      try {
        const { exit } = await runSuite({
          suite,
          seed,
          openSystem: (spec) => openSystem(spec, seed),
          on: (event) => reports.on(event),
          signal: io.signal,
          env: io.env,
          startedAt: io.now(),
        });
        if (exit !== 0) throw new Exit(exit);
      } finally {
        clearInterval(ticker);
        await reports.close();
      }
    });

const TICK_MS = 100;
