import { Command } from 'commander';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';
import { address, named } from '../options.ts';
import type { ProxyFlags } from '../proxy/flags.ts';
import { protocolOf, targetAt } from '../proxy/flags.ts';

export const proxy = (io: Io): Command =>
  new Command('proxy')
    .description('stand before services, to break them by hand')
    .helpGroup(BREAK)
    .option(
      '--upstream <name=url>',
      'a service to stand in front of (repeatable): http://, https://, tcp:// or tls://',
      named(targetAt, 'stats=http://127.0.0.1:5000'),
    )
    .option(
      '--listen <name=host:port>',
      'where it is reached (repeatable; a free port otherwise)',
      named(address, 'stats=127.0.0.1:5001'),
    )
    .option(
      '--protocol <name=http|tcp>',
      'what it speaks (repeatable; as its URL says otherwise)',
      named(protocolOf, 'stats=tcp'),
    )
    .option('--config <file>', 'upstreams and rules from a file, which may change')
    .option('--control <host:port>', 'where faults are set (127.0.0.1:8474)', address)
    .option('--token <token>', 'what every control request must carry (BROWNOUT_TOKEN)')
    .option('--seed <n>', 'repeat the draws of an earlier run')
    .option('--journal <file>', 'append a line of JSON for each exchange')
    .option('--plans', 'let requests carry faults of their own (baggage: brownout.plan)')
    .addHelpText(
      'after',
      `
Example:
  brownout proxy --upstream stats=http://127.0.0.1:5000 \\
                 --listen stats=127.0.0.1:5001
  brownout fault add stats=latency:2s

What speaks no HTTP is relayed as bytes; faults then act on its connections:
  brownout proxy --upstream db=tcp://127.0.0.1:5432`,
    )
    .action(async (flags: ProxyFlags) => {
      const { runProxy } = await import('../proxy/run-proxy.ts');
      await runProxy(flags, io);
    });
