import { Command } from 'commander';
import { reaching, type Reach } from '../control/reach.ts';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';

export const start = (io: Io): Command =>
  reaching(new Command('start'))
    .description('let an upstream that was stopped answer again')
    .helpGroup(BREAK)
    .argument('<upstream>', 'as "brownout up" or "brownout proxy" names it')
    .addHelpText('after', '\nExample:\n  brownout start stats')
    .action(async (upstream: string, options: Reach) => {
      const { release, STOPPED } = await import('../control/hold.ts');
      await release(upstream, STOPPED, options, io);
    });
