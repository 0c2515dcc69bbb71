import { Command } from 'commander';
import { JUDGE } from '../groups.ts';
import type { Io } from '../io.ts';
import { pathsArgument } from '../options.ts';

export const validate = (io: Io): Command =>
  new Command('validate')
    .description('check the files of scenarios without running them')
    .helpGroup(JUDGE)
    .addArgument(pathsArgument('files, or folders of them'))
    .addHelpText(
      'after',
      '\nExit codes: 0 all are valid, 3 the errors are listed as file:line:column.',
    )
    .action(async (paths: readonly string[]) => {
      const { loadSuite } = await import('../../scenario/load.ts');
      const { files, cells } = loadSuite(paths);
      const scenarios = files.filter(({ kind }) => kind === 'scenario').length;
      io.stdout.write(
        `${files.length} files are valid: ${scenarios} scenarios, ${cells.length} cells\n`,
      );
    });
