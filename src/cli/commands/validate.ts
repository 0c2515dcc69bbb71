import { Command } from 'commander';
import { counted } from '../../common/counted.ts';
import { JUDGE } from '../groups.ts';
import type { Io } from '../io.ts';
import { pathsArgument } from '../options.ts';

export const validate = (io: Io): Command =>
  new Command('validate')
    .description('check files without running them')
    .helpGroup(JUDGE)
    .addArgument(pathsArgument('files, or folders of them'))
    .addHelpText(
      'after',
      `
Examples:
  brownout validate scenarios
  brownout validate proxy.yaml       a file for brownout proxy --config

Exit codes: 0 all are valid, 3 the errors are listed as file:line:column.`,
    )
    .action(async (paths: readonly string[]) => {
      const { validateAll } = await import('../validate.ts');
      const { defaultPaths } = await import('../../scenario/choose/default-paths.ts');
      const { files, scenarios, cells } = validateAll(paths.length > 0 ? paths : defaultPaths());
      const valid = `${counted(files, 'file')} ${files === 1 ? 'is' : 'are'} valid`;
      io.stdout.write(`${valid}: ${counted(scenarios, 'scenario')}, ${counted(cells, 'cell')}\n`);
    });
