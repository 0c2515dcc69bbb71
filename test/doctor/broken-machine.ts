import { CHECKS } from '../../src/doctor/catalogue.ts';
import { examine, type Examined } from '../../src/doctor/examine.ts';
import { createMachine, type MachineContext, type Stand } from '../../src/doctor/machine.ts';

/** What one check finds on this machine, after `twist` has broken something of it. */
export async function findingOf(
  name: string,
  twist: (machine: MachineContext) => Partial<MachineContext>,
): Promise<Examined> {
  const { signal } = new AbortController();
  const real = createMachine(signal);
  const check = CHECKS.find((one) => one.name === name);
  if (!check) throw new Error(`there is no check ${name}`);
  const machine = { ...real, ...twist(real) };
  const [found] = await examine([check], { machine, on() {}, signal });
  return found as Examined;
}

/** A machine whose ports are broken in another way than they were asked to be. */
export function brokenBy(
  change: (stand: Stand, inject: unknown) => Promise<void>,
): (machine: MachineContext) => Partial<MachineContext> {
  return withStands((stand) => ({ ...stand, break: (inject) => change(stand, inject) }));
}

export function withStands(
  change: (stand: Stand) => Stand,
): (machine: MachineContext) => Partial<MachineContext> {
  return (machine) => ({ open: async (options) => change(await machine.open(options)) });
}
