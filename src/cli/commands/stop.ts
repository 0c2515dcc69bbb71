import { Command } from 'commander';
import { reaching, type Reach } from '../control/reach.ts';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';

export const stop = (io: Io): Command =>
  reaching(new Command('stop'))
    .description('refuse all connections to an upstream, as if it were down')
    .helpGroup(BREAK)
    .argument('<upstream>', 'as "brownout up" or "brownout proxy" names it')
    .addHelpText('after', '\nExample:\n  brownout stop stats')
    .action(async (upstream: string, options: Reach) => {
      const { hold, STOPPED } = await import('../control/hold.ts');
      await hold(upstream, STOPPED, options, io);
    });
