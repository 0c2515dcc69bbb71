import { Command } from 'commander';
import { JUDGE } from '../groups.ts';
import { Exit, type Io } from '../io.ts';
import { collect, pathsArgument } from '../options.ts';
import { duration, shard, whole, type RunFlags } from '../run/flags.ts';

export const run = (io: Io): Command =>
  new Command('run')
    .description('run scenarios and judge how the service degrades')
    .helpGroup(JUDGE)
    .addArgument(pathsArgument('files, folders, file:line'))
    .optionsGroup('Which cells (repeat --tag and --id for more):')
    .option('--tag <tag>', 'of scenarios with this tag; !slow leaves it out', collect)
    .option('--grep <text>', 'whose id or scenario contains this')
    .option('--id <id>', 'this one', collect)
    .option('--shard <i/n>', 'one part of n, for machines that share a run', shard)
    .option('--last-failed', 'that did not pass in the last runs here')
    .optionsGroup('How:')
    .option('--system <file>', 'put another system of the same name under them')
    .option('--seed <n>', 'repeat the draws of an earlier run')
    .option('--repeat-each <n>', 'run each cell n times', whole(1))
    .option('--retries <n>', 'try again what did not pass: flaky if it does then', whole(0))
    .option('--fail-on-flaky', 'exit 1 where a cell is flaky')
    .option('--bail [n]', 'begin no cell after n did not pass (1)', whole(1))
    .option('--timeout <duration>', 'the most that a cell may take (2m)', duration)
    .option('--no-faults', 'break nothing: judge the baselines alone')
    .option('--no-scripts', 'refuse files that run programs: command, script')
    .option('--plan', 'only say what would run')
    .option('--watch', 'run again what a changed file affects')
    .optionsGroup('Reports:')
    .option('--reporter <name[=file]>', 'list, json, junit or github (repeatable)', collect)
    .option('--output <folder>', 'where the reports go whose file is not named')
    .option('--verbose', 'tell of each failure in full, also of those alike')
    .helpOption('-h, --help', 'this help')
    .addHelpText(
      'after',
      `
Examples:
  brownout run scenarios/portal --tag smoke --reporter junit=results.xml
  brownout run scenarios/portal/one-call.yaml:12 --retries 2
  brownout run --system staging.yaml --shard 2/4 --output results

Exit codes: 0 passed, 1 failed, 2 wrong command line, 3 invalid file, 4 broken,
5 inconclusive or nothing tested, 7 a fault of brownout’s own, 130 interrupted.`,
    )
    .action(async (paths: readonly string[], flags: RunFlags) => {
      if (flags.watch && !flags.plan) {
        const { watchAndRun } = await import('../run/watch.ts');
        return watchAndRun(paths, flags, io);
      }
      const { chooseScenarios } = await import('../../scenario/choose/chosen.ts');
      const chosen = chooseScenarios(paths, flags, io.env);
      if (flags.plan) {
        const { showPlan } = await import('../run/show-plan.ts');
        return showPlan(chosen.suite, flags, io);
      }
      const { runOnce } = await import('../run/run-once.ts');
      const exit = await runOnce(chosen, flags, io);
      if (exit !== 0) throw new Exit(exit);
    });
