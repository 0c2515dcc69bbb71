import { Command } from 'commander';
import { reaching, type Reach } from '../control/reach.ts';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';

export const resume = (io: Io): Command =>
  reaching(new Command('resume'))
    .description('let an upstream that was paused answer again')
    .helpGroup(BREAK)
    .argument('<upstream>', 'as "brownout up" or "brownout proxy" names it')
    .addHelpText('after', '\nExample:\n  brownout resume stats')
    .action(async (upstream: string, options: Reach) => {
      const { release, PAUSED } = await import('../control/hold.ts');
      await release(upstream, PAUSED, options, io);
    });
