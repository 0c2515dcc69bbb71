import { BrownoutError } from '../../common/errors.ts';
import { didYouMean } from '../../common/suggest.ts';
import type { ControlClient } from '../../proxy/control/client.ts';
import type { RuleView } from '../../proxy/rules.ts';
import type { Io } from '../io.ts';
import { describeRule } from '../rule-line.ts';
import { atControl, sameReach, type Reach } from './reach.ts';

/** A fault on a whole upstream that a pair of verbs puts there and lifts. */
export interface Hold {
  readonly fault: 'refuse' | 'hang';
  /** What an upstream then is, as in "stats is stopped". */
  readonly is: string;
  /** The verb that lifts it. */
  readonly lift: string;
}

/** Breaks a whole upstream; where it is broken so already, nothing changes. */
export function hold(upstream: string, what: Hold, options: Reach, io: Io): Promise<void> {
  return atControl(options, io, async (client) => {
    await checkUpstream(client, upstream);
    const held = holding(await client.rules(), upstream, what);
    const rules = held.length > 0 ? held : await client.add([{ on: upstream, inject: what.fault }]);
    const already = held.length > 0 ? ' already' : '';
    const next = `lift it by "brownout ${what.lift} ${upstream}${sameReach(options)}"`;
    const told = `${upstream} is ${what.is}${already} (${rules[0]?.id}): ${next}\n`;
    io.stdout.write(options.json ? `${JSON.stringify({ rules }, null, 2)}\n` : told);
  });
}

/** Lifts what `hold` put there; where there is nothing to lift, it says so. */
export function release(upstream: string, what: Hold, options: Reach, io: Io): Promise<void> {
  return atControl(options, io, async (client) => {
    await checkUpstream(client, upstream);
    const rules = await client.rules();
    const held = holding(rules, upstream, what);
    for (const { id } of held) await client.remove(id);
    if (options.json) {
      io.stdout.write(`${JSON.stringify({ removed: held.map(({ id }) => id) })}\n`);
      return;
    }
    const left = rules.filter((rule) => !held.includes(rule) && rule.on === upstream);
    const told = held.length > 0 ? `is not ${what.is} any more` : `was not ${what.is}`;
    io.stdout.write(`${upstream} ${told}\n`);
    for (const rule of left) io.stdout.write(`still there: ${describeRule(rule)}\n`);
  });
}

async function checkUpstream(client: ControlClient, name: string): Promise<void> {
  const { upstreams } = await client.about();
  if (upstreams.some((one) => one.name === name)) return;
  const owner = upstreams.find(({ calls }) => Object.hasOwn(calls, name));
  const message = owner
    ? `"${name}" is a call of ${owner.name}: say the whole upstream, or break the call by "brownout fault add ${name}=reset"`
    : `unknown upstream "${name}"${didYouMean(name, [...new Set(upstreams.map((one) => one.name))])}`;
  throw new BrownoutError('usage', message);
}

/** The rules that are just this fault, for everybody, all the time. */
function holding(rules: readonly RuleView[], upstream: string, { fault }: Hold): RuleView[] {
  return rules.filter(({ on, match, trigger, run, inject: [first, ...others] }) => {
    const plain = match === undefined && trigger === undefined && run === undefined;
    const alone = first && others.length === 0 && Object.keys(first).length === 1;
    return on === upstream && plain && alone && first.fault === fault;
  });
}

export const STOPPED: Hold = { fault: 'refuse', is: 'stopped', lift: 'start' };
export const PAUSED: Hold = { fault: 'hang', is: 'paused', lift: 'resume' };
