import { Command } from 'commander';
import { atControl, reaching, type Reach } from '../../control/reach.ts';
import type { Io } from '../../io.ts';

interface Options extends Reach {
  readonly run?: string;
}

export const clear = (io: Io): Command =>
  reaching(new Command('clear'))
    .description('lift all faults')
    .option('--run <id>', 'only the faults of this run')
    .addHelpText('after', '\nExample:\n  brownout fault clear')
    .action((options: Options) =>
      atControl(options, io, async (client) => {
        const removed = await client.clear(options.run);
        const of = options.run === undefined ? '' : ` of run ${options.run}`;
        const told = `lifted ${removed} ${removed === 1 ? 'fault' : 'faults'}${of}\n`;
        io.stdout.write(options.json ? `${JSON.stringify({ removed })}\n` : told);
      }),
    );
