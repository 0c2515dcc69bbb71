import { Command } from 'commander';
import { createPaint } from '../../../report/paint.ts';
import { atControl, reaching, sameReach, type Reach } from '../../control/reach.ts';
import type { Io } from '../../io.ts';
import { describeFaults, describeTarget, describeTrigger } from '../../rule-line.ts';
import { table } from '../../table.ts';

interface Options extends Reach {
  readonly run?: string;
}

export const list = (io: Io): Command =>
  reaching(new Command('list'))
    .description('what is broken now')
    .option('--run <id>', 'only the faults of this run')
    .addHelpText('after', '\nExample:\n  brownout fault list --json')
    .action((options: Options) =>
      atControl(options, io, async (client) => {
        const rules = await client.rules(options.run);
        const { write, width, colour } = io.stdout;
        if (options.json) return write(`${JSON.stringify({ rules }, null, 2)}\n`);
        if (rules.length === 0) {
          const of = options.run === undefined ? '' : ` of run ${options.run}`;
          const name = (await client.about()).upstreams[0]?.name;
          const next =
            name === undefined
              ? ''
              : `: add one by "brownout fault add ${name}=latency:2s${sameReach(options)}"`;
          return write(`no faults${of} stand${next}\n`);
        }
        const rows = rules.map((rule) => [
          rule.id,
          describeTarget(rule),
          describeFaults(rule),
          describeTrigger(rule),
          rule.run ?? '',
        ]);
        const [heads = '', ...lines] = table(['id', 'on', 'what', 'trigger', 'run'], rows, width);
        write(`${[createPaint(colour).bold(heads), ...lines].join('\n')}\n`);
      }),
    );
