import { Chalk } from 'chalk';
import { Command } from 'commander';
import { CHECKS } from '../../doctor/catalogue.ts';
import { examine, worstOf } from '../../doctor/examine.ts';
import { createMachine } from '../../doctor/machine.ts';
import { cut } from '../../report/columns.ts';
import { doctorTable, doctorVerdict } from '../doctor-table.ts';
import { BROKEN, NOTHING_TESTED } from '../exit-codes.ts';
import { Exit, type Io } from '../io.ts';

interface Options {
  readonly json?: true;
}

export const doctor = (io: Io): Command =>
  new Command('doctor')
    .description('prove that faults are what they say on this machine')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Examples:
  brownout doctor

Exit codes:
  0    all that is needed holds
  4    something does not: the table says what, and what to do
  5    nothing failed, but something that is needed could not be proved`,
    )
    .action(async ({ json }: Options) => {
      const live = liveLine(io);
      const { signal } = io;
      const examined = await examine(CHECKS, {
        machine: createMachine(signal),
        on: ({ name, proves }) => live.draw(`checking ${name}: ${proves}`),
        signal,
      }).finally(live.clear);
      const exit = exitOf[worstOf(examined)];
      const { colour, width, write } = io.stdout;
      if (json) write(`${JSON.stringify({ version: 1, exit, checks: examined }, null, 2)}\n`);
      else {
        const paint = new Chalk({ level: colour ? 1 : 0 });
        write(`${doctorTable(examined, width, paint)}\n${doctorVerdict(examined, paint)}\n`);
      }
      if (exit !== 0) throw new Exit(exit);
    });

/** One line that is drawn again in place, where a person watches. */
function liveLine({ stderr: { live, width, write } }: Io) {
  return {
    // One column is left free: many terminals go to the next line with the last one.
    draw: (text: string) => void (live && write(ERASE + cut(text, width - 1))),
    clear: () => void (live && write(ERASE)),
  };
}

const exitOf = { holds: 0, 'not needed': 0, fails: BROKEN, unknown: NOTHING_TESTED } as const;
/** To the line's beginning, then erase all of it. */
const ERASE = '\r\u001b[2K';
