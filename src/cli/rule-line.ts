import type { RuleView } from '../proxy/rules.ts';
import { printable } from '../report/printable.ts';
import { wallClock } from './wall-clock.ts';

/** A rule in one line, as a person tells it: `r1 on stats: latency delay 2s, first 2`. */
export function describeRule(rule: RuleView): string {
  const { id, run } = rule;
  const when = describeTrigger(rule);
  const scope = run === undefined ? '' : `, in run ${run}`;
  const what = `${describeFaults(rule)}${when ? `, ${when}` : ''}${scope}`;
  return printable(`${id} on ${describeTarget(rule)}: ${what}`);
}

/** Which requests it means. */
export function describeTarget({ on, match }: RuleView): string {
  return match === undefined ? on : printable(`${on} ${inLine(match)}`);
}

/** What it does: `latency delay 2s, jitter 1s + reset`. */
export function describeFaults({ inject }: RuleView): string {
  const faults = inject.map(({ fault, ...parameters }) => {
    const told = Object.entries(parameters).map(([key, value]) => `${key} ${inLine(value)}`);
    return [fault, told.join(', ')].filter(Boolean).join(' ');
  });
  return printable(faults.join(' + '));
}

/** When it acts; empty where that is always. */
export function describeTrigger({ trigger = {}, until }: RuleView): string {
  if (until !== undefined) return `once, until ${wallClock(until)}`;
  const all = Object.entries(trigger).map(([name, value]) => `${name} ${inLine(value)}`);
  return printable(all.join(', '));
}

/** A value as YAML has it in one line; the quotes are left out where nothing is lost. */
function inLine(value: unknown): string {
  if (typeof value === 'string') return PLAIN.test(value) ? value : JSON.stringify(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(inLine).join(', ')}]`;
  const entries = Object.entries(value).map(([key, inner]) => `${key}: ${inLine(inner)}`);
  return `{${entries.join(', ')}}`;
}

const PLAIN = /^[\w*/][\w .:/*%+-]*$/;
