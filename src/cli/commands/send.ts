import { Command } from 'commander';
import { url } from '../control/reach.ts';
import { BREAK } from '../groups.ts';
import type { Io } from '../io.ts';
import { collect } from '../options.ts';
import type { SendFlags } from '../send/run-send.ts';

export const send = (io: Io): Command =>
  new Command('send')
    .description('send one request, with faults on it, and judge the answer')
    .helpGroup(BREAK)
    .argument('[request...]', 'such as GET /games; else that of the contract')
    .option('--fault <address>', 'what to break for it (repeatable): leaderboard=hang', collect)
    .option('--preset <name>', 'what to break for it, by a name of the system file', collect)
    .option('--as <identity>', 'who it is made as')
    .option('--header <name: value>', 'a header of it (repeatable)', collect)
    .option('--data <json>', 'its body, as JSON')
    .option('--contract <name>', 'what it is judged by, where there are several')
    .option('--save <file>', 'write it as a scenario for "brownout run"')
    .option('--system <file>', 'start this system for it, unless it is up')
    .option('--control <url>', 'where "brownout up" is controlled (BROWNOUT_CONTROL)', url)
    .option('--token <token>', 'its token, where it asks for one (BROWNOUT_TOKEN)')
    .option('--reporter <name>', 'list, or json (list)')
    .addHelpText(
      'after',
      `
It goes to what "brownout up" runs; where nothing is up, a system is started.

Examples:
  brownout send --fault leaderboard=hang
  brownout send GET /games/v1/games/ --fault stats=latency:2s --as ada
  brownout send POST /token/ --data '{"email": "ada@example.test"}'
  brownout send --fault leaderboard=status:503 --save broken-board.yaml

Exit codes: 0 as the contract says, or nothing to judge; 1 not so; 4 it was not
well before; 5 a fault never fired. What there is to inject: brownout faults`,
    )
    .action(async (request: readonly string[], flags: SendFlags) => {
      const { runSend } = await import('../send/run-send.ts');
      await runSend(request, flags, io);
    });
