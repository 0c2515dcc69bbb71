import { Command } from 'commander';
import { atControl, reaching, type Reach } from '../../control/reach.ts';
import type { Io } from '../../io.ts';
import { collect } from '../../options.ts';
import { describeRule } from '../../rule-line.ts';

interface Options extends Reach {
  readonly trigger?: readonly string[];
  readonly rule?: readonly string[];
  readonly file?: string;
  readonly run?: string;
}

export const add = (io: Io): Command =>
  reaching(new Command('add'))
    .description('break something')
    .argument('[address...]', 'what to break and how, such as leaderboard=status:503')
    .option('--trigger <name=value>', 'when, such as first=2 (repeatable; all must hold)', collect)
    .option('--run <id>', 'only for this run')
    .option('--rule <yaml>', 'a richer rule, as YAML or JSON (repeatable)', collect)
    .option('--file <file>', 'rules from a file; - for standard input')
    .addHelpText(
      'after',
      `
Examples:
  brownout fault add stats=latency:2s
  brownout fault add leaderboard=status:503+player-stats=hang
  brownout fault add 'player-stats#2=reset'        the second request only
  brownout fault add stats=reset --trigger probability=0.3 --trigger for=10s
  brownout fault add --rule '{on: stats, match: GET /x/*rest, inject: reset}'

All of it is added, or nothing. Faults and triggers: brownout faults`,
    )
    .action(async (addresses: readonly string[], options: Options) => {
      const { addFaults } = await import('../../control/add-faults.ts');
      const added = await atControl(options, io, (client) =>
        addFaults(client, { ...options, addresses }, io.signal),
      );
      const told = added.map((rule) => `${describeRule(rule)}\n`).join('');
      io.stdout.write(options.json ? `${JSON.stringify({ rules: added }, null, 2)}\n` : told);
    });
