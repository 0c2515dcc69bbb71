import type { Fault } from '../../src/proxy/fault.ts';
import type { Parameter } from '../../src/proxy/parameter.ts';
import { kindOf } from './kinds.ts';
import type { Rig } from './rig.ts';

/** Adds the rule of a fault at one phase; gives its id. */
export async function arm(
  { control }: Rig,
  fault: Fault,
  phase: string,
  more: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const at = fault.parameters['at']?.kind === 'phase' ? { at: phase } : {};
  const ofConnections = phase === 'accept' || !fault.onExchange;
  const [rule] = await control.add([
    { on: ofConnections ? 'stats' : 'leaderboard', inject: { ...full(fault), ...at, ...more } },
  ]);
  return rule?.id ?? '';
}

/** The fault in full form, as it shows itself, or with an example of each parameter that it needs. */
export function full(fault: Fault): { fault: string } & Record<string, unknown> {
  const isMain = (name: string, { kind }: Parameter) => name === fault.main && kind !== 'phase';
  const needed = Object.entries(fault.parameters).filter(
    ([name, p]) => p.required || (p.default === undefined && isMain(name, p)),
  );
  const values = Object.fromEntries(needed.map(([name]) => [name, exampleOf(fault, name)]));
  return { fault: fault.name, ...values, ...fault.example };
}

export function exampleOf(fault: Fault, name: string): unknown {
  const parameter = fault.parameters[name] as Parameter;
  return kindOf(parameter).inside(parameter)[0];
}

/** What keeps a client waiting for longest. */
export function slowest({ main, parameters }: Fault): Record<string, unknown> {
  const longest = { duration: '1h', rate: '1B/s' }[parameters[main ?? '']?.kind ?? ''];
  return main === undefined || longest === undefined ? {} : { [main]: longest };
}

export function phasesOf(fault: Fault): readonly string[] {
  const at = fault.parameters['at'];
  return at?.kind === 'phase' ? (at.schema['enum'] as string[]) : [fault.phase];
}
