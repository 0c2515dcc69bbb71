import { Command } from 'commander';
import { BrownoutError } from '../../../common/errors.ts';
import { didYouMean } from '../../../common/suggest.ts';
import { atControl, reaching, type Reach } from '../../control/reach.ts';
import type { Io } from '../../io.ts';
import { describeRule } from '../../rule-line.ts';

export const remove = (io: Io): Command =>
  reaching(new Command('remove'))
    .description('lift faults by their ids')
    .argument('<id...>', 'as "brownout fault list" shows them')
    .addHelpText('after', '\nExample:\n  brownout fault remove r1 r2')
    .action((ids: readonly string[], options: Reach) =>
      atControl(options, io, async (client) => {
        const standing = new Map((await client.rules()).map((rule) => [rule.id, rule]));
        // All are looked for first: where one is misspelt, nothing is lifted.
        for (const id of ids) if (!standing.has(id)) throw noRule(id, [...standing.keys()]);
        const wanted = [...new Set(ids)];
        for (const id of wanted) await client.remove(id);
        const lifted = wanted.flatMap((id) => standing.get(id) ?? []);
        const told = lifted.map((rule) => `lifted ${describeRule(rule)}\n`).join('');
        io.stdout.write(options.json ? `${JSON.stringify({ removed: wanted })}\n` : told);
      }),
    );

function noRule(id: string, known: readonly string[]): BrownoutError {
  const which = known.length > 0 ? didYouMean(id, known) : ' (no faults stand)';
  return new BrownoutError('usage', `there is no fault "${id}"${which}`);
}
