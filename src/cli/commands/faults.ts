import { Command } from 'commander';
import { EXPLAIN } from '../groups.ts';
import type { Io } from '../io.ts';
import type { ShowOptions } from '../show-faults.ts';

export const faults = (io: Io): Command =>
  new Command('faults')
    .description('list the faults and their triggers, or explain one')
    .helpGroup(EXPLAIN)
    .argument('[name]', 'the fault or trigger to explain')
    .option('--json', 'as JSON')
    .option('--markdown', 'as the tables of the README')
    .addHelpText(
      'after',
      '\nExamples:\n  brownout faults\n  brownout faults status\n  brownout faults probability',
    )
    .action(async (name: string | undefined, options: ShowOptions) => {
      const { showFaults } = await import('../show-faults.ts');
      showFaults(name, options, io);
    });
