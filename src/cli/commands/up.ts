import { Command } from 'commander';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';
import { address, port } from '../options.ts';
import type { UpFlags } from '../up/run-up.ts';

export const up = (io: Io): Command =>
  new Command('up')
    .description('start a system with all that breaks it, to try it by hand')
    .helpGroup(BREAK)
    .argument('[system]', 'a system file, or its folder; else the one here, or below scenarios')
    .option('--port <port>', 'where the service is asked from outside (8080)', port)
    .option('--control <host:port>', 'where faults are set (127.0.0.1:8474)', address)
    .option('--token <token>', 'what every control request must carry (BROWNOUT_TOKEN)')
    .option('--seed <n>', 'repeat the draws of an earlier run')
    .option('--journal <file>', 'append a line of JSON for each exchange')
    .addHelpText(
      'after',
      `
It starts the service, its upstreams and the proxies between them, says where
each is, and shows what the service asks of its upstreams, until Ctrl-C.

Example:
  brownout up scenarios/portal
and in another terminal:
  brownout send --fault leaderboard=hang     one request, broken for it alone
  brownout fault add stats=latency:2s        broken for all, until it is lifted
  brownout fault clear
  curl -H 'x-brownout-as: ada' -H 'baggage: brownout.plan=leaderboard=hang' \\
    http://127.0.0.1:8080/games/v2/games/exrps`,
    )
    .action(async (system: string | undefined, flags: UpFlags) => {
      const { runUp } = await import('../up/run-up.ts');
      await runUp(system, flags, io);
    });
