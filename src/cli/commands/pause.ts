import { Command } from 'commander';
import { reaching, type Reach } from '../control/reach.ts';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';

export const pause = (io: Io): Command =>
  reaching(new Command('pause'))
    .description('let an upstream hang: connections open, nothing comes')
    .helpGroup(BREAK)
    .argument('<upstream>', 'as "brownout up" or "brownout proxy" names it')
    .addHelpText('after', '\nExample:\n  brownout pause stats')
    .action(async (upstream: string, options: Reach) => {
      const { hold, PAUSED } = await import('../control/hold.ts');
      await hold(upstream, PAUSED, options, io);
    });
