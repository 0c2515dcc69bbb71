import { expect } from 'chai';
import type { Result } from '../../src/scenario/result.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { BASICS, CONTRACT, load, SCENARIO, SYSTEM } from './run-files.ts';
import { openWorld, type Behaviour } from './service.ts';

/** A system whose service says that it keeps nothing from one request to the next. */
export const STATELESS = { ...SYSTEM, service: { ...SYSTEM.service, stateless: true } };

/** Runs a scenario on a service, and says how often that was started. */
export async function runOn(
  service: Behaviour,
  system: object,
  { scenario, files = {} }: { scenario: object; files?: Readonly<Record<string, unknown>> },
): Promise<{ result: Result; started: number }> {
  const suite = await load({
    'system.yaml': system,
    'contract.yaml': CONTRACT,
    'scenario.yaml': { ...SCENARIO, ...scenario },
    ...files,
  });
  await using world = await openWorld(service);
  const result = await runSuite({ ...BASICS, suite, openSystem: () => world.openSystem() });
  expect(await world.left()).to.deep.equal({ instances: 0, listeners: 0, rules: 0 });
  return { result, started: world.started };
}

export function verdicts({ cells }: Result): Record<string, string> {
  return Object.fromEntries(cells.map(({ id, verdict }) => [id, verdict]));
}

export function isolations({ cells }: Result): Record<string, string> {
  return Object.fromEntries(cells.map(({ id, isolation }) => [id, isolation]));
}
