import { Command } from 'commander';
import { atControl, reaching } from '../control/reach.ts';
import type { JournalOptions } from '../control/show-journal.ts';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';

export const journal = (io: Io): Command =>
  reaching(new Command('journal'))
    .description('what was asked of the upstreams, and what was done to it')
    .helpGroup(BREAK)
    .option('--follow', 'go on as it happens, until Ctrl-C')
    .option('--run <id>', 'only of this run')
    .option('--call <name>', 'only this call')
    .addHelpText(
      'after',
      `
Each exchange is a line; with --json a line of JSON, as --journal writes it.

Examples:
  brownout journal --follow
  brownout journal --call leaderboard --json | jq .status`,
    )
    .action(async (options: JournalOptions) => {
      const { showJournal } = await import('../control/show-journal.ts');
      await atControl(options, io, (client, at) => showJournal(client, at, options, io));
    });
