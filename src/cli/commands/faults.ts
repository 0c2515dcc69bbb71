import { Chalk } from 'chalk';
import { Command } from 'commander';
import { BrownoutError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import { FAULTS } from '../../proxy/catalogue.ts';
import { describeFault } from '../../proxy/describe.ts';
import { explainFault, faultTable, markdownTable } from '../fault-table.ts';
import type { Io } from '../io.ts';

export const faults = (io: Io): Command =>
  new Command('faults')
    .description('list the faults that can be injected, or explain one')
    .argument('[name]', 'the fault to explain')
    .option('--json', 'as JSON')
    .option('--markdown', 'as the table of the README')
    .addHelpText('after', '\nExamples:\n  brownout faults\n  brownout faults status')
    .action((name: string | undefined, options: { json?: true; markdown?: true }) => {
      const all = [...FAULTS.values()];
      const chosen = name === undefined ? all : all.filter((fault) => fault.name === name);
      if (name !== undefined && chosen.length === 0) {
        throw new BrownoutError(
          'usage',
          `unknown fault "${name}"${didYouMean(name, [...FAULTS.keys()])}`,
        );
      }
      const paint = new Chalk({ level: io.stdout.colour ? 1 : 0 });
      if (options.json) io.stdout.write(`${JSON.stringify(chosen.map(describeFault), null, 2)}\n`);
      else if (options.markdown) io.stdout.write(markdownTable(chosen));
      else if (name !== undefined && chosen[0]) io.stdout.write(explainFault(chosen[0], paint));
      else io.stdout.write(faultTable(chosen, io.stdout.width, paint));
    });
