import { Command } from 'commander';
import { url } from '../control/reach.ts';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';
import type { ReplayFlags } from '../send/run-replay.ts';

export const replay = (io: Io): Command =>
  new Command('replay')
    .description('repeat what was broken once, by its address')
    .helpGroup(BREAK)
    .argument('<address>', 'a contract~faults, or the id of an exchange in the journal of "up"')
    .option('--system <file>', 'the system that the contract is about')
    .option('--seed <n>', 'repeat the draws of an earlier run')
    .option('--control <url>', 'where "brownout up" is controlled (BROWNOUT_CONTROL)', url)
    .option('--token <token>', 'its token, where it asks for one (BROWNOUT_TOKEN)')
    .addHelpText(
      'after',
      `
An address is run as "brownout run" would: the system is started, the contract
must hold before the faults, under them, and after they are lifted. What a call
with a fault shows may be whole or degraded, and nothing between.
An exchange is repeated where it happened: the request that caused it is sent
once more, with what was broken for it. "brownout journal --json" tells the ids.

Examples:
  brownout replay 'open-game~leaderboard=hang+player-stats=status:503'
  brownout replay 'open-game~stats=refuse' --system scenarios/portal/system.yaml
  brownout replay 17

Exit codes: those of "brownout run".`,
    )
    .action(async (address: string, flags: ReplayFlags) => {
      const { runReplay } = await import('../send/run-replay.ts');
      await runReplay(address, flags, io);
    });
