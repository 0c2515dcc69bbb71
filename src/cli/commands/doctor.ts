import { Command } from 'commander';
import { JUDGE } from '../groups.ts';
import type { Io } from '../io.ts';
import { collect } from '../options.ts';

interface Options {
  readonly request?: readonly string[];
  readonly json?: boolean;
}

export const doctor = (io: Io): Command =>
  new Command('doctor')
    .description('prove on this machine that faults are what they say')
    .helpGroup(JUDGE)
    .argument('[system]', 'a system file, or its folder: its service is looked at, too')
    .option('--request <line>', 'what to ask of it beside its contracts (repeatable)', collect)
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  brownout doctor
  brownout doctor scenarios/portal/system.yaml
  brownout doctor system.yaml --request "GET /games"

Exit codes:
  0    all that is needed holds
  2    the command line is wrong
  3    a file is invalid
  4    something does not hold: the table says what, and what to do
  5    nothing failed, but something that is needed could not be proved
  130  interrupted; everything was put back first`,
    )
    .action(async (system: string | undefined, { request = [], json = false }: Options) => {
      const { examineAll } = await import('../doctor.ts');
      await examineAll({ system, requests: request, json }, io);
    });
