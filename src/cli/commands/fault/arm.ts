import { Command } from 'commander';
import { atControl, reaching, type Reach } from '../../control/reach.ts';
import type { Io } from '../../io.ts';
import { describeRule } from '../../rule-line.ts';

interface Options extends Reach {
  readonly ttl?: string;
  readonly run?: string;
}

export const arm = (io: Io): Command =>
  reaching(new Command('arm'))
    .description('break the next request, once')
    .argument('<address>', 'which, and how, such as leaderboard=status:503')
    .option('--ttl <duration>', 'for how long it may wait for one (60s)')
    .option('--run <id>', 'the next one of this run')
    .addHelpText(
      'after',
      '\nExamples:\n  brownout fault arm leaderboard=status:503\n  brownout fault arm stats=reset --ttl 5m',
    )
    .action(async (address: string, options: Options) => {
      const { armFaults } = await import('../../control/arm-faults.ts');
      const armed = await atControl(options, io, (client) => armFaults(client, address, options));
      const told = armed.map((rule) => `${describeRule(rule)}\n`);
      io.stdout.write(
        options.json ? `${JSON.stringify({ rules: armed }, null, 2)}\n` : told.join(''),
      );
    });
