import { Command } from 'commander';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';
import * as verbs from './fault/index.ts';

export const fault = (io: Io): Command => {
  const command = new Command('fault')
    .description('list, add and lift the faults of a proxy that runs')
    .helpGroup(BREAK)
    .helpCommand(false)
    .addHelpText(
      'after',
      `
Examples:
  brownout fault add stats=latency:2s
  brownout fault add leaderboard=status:503+player-stats=hang
  brownout fault list
  brownout fault clear

What there is to inject: brownout faults`,
    );
  for (const verb of Object.values(verbs)) command.addCommand(verb(io));
  return command;
};
