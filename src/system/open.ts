import { randomBytes } from 'node:crypto';
import { BrownoutError } from '../common/errors.ts';
import type { Listening } from '../common/server.ts';
import { createProxy, type OpenUpstream, type Proxy } from '../proxy/proxy.ts';
import { startBuiltin } from './builtin.ts';
import { createCaFile, type CaFile } from './ca-file.ts';
import { startCommand } from './command.ts';
import { fill } from './fill.ts';
import { startMock } from './mock.ts';
import { isOnlyOne, withOnlyOne } from './only-one.ts';
import { openUpstreams } from './open-upstreams.ts';
import { findRunning } from './running.ts';
import type { SystemSpec, UpstreamSpec } from './spec.ts';
import type { Instance, System } from './system.ts';

/** A service that was started, by whatever means. */
export type Service = Omit<Instance, 'values' | 'lend'>;

/** A system, and the proxy before its upstreams: for who lets others control it. */
export interface OpenSystem extends System {
  readonly proxy: Proxy;
}

/**
 * Brings up what all instances share: the upstreams' targets and one proxy. Services are started by `start`.
 * @param seed every draw of every fault follows from it
 */
export async function openSystem(
  spec: SystemSpec,
  seed: string,
  options: OpenOptions = {},
): Promise<OpenSystem> {
  const system = await openWithMany(spec, seed, options);
  return isOnlyOne(spec) ? { ...withOnlyOne(system), proxy: system.proxy } : system;
}

interface OpenOptions {
  /** Requests may bring their own faults along. */
  readonly plans?: boolean;
}

async function openWithMany(
  spec: SystemSpec,
  seed: string,
  { plans = false }: OpenOptions,
): Promise<OpenSystem> {
  const targets = await openTargets(spec.upstreams);
  const proxy = createProxy({ seed, plans });
  const caFile = createCaFile();
  // One secret for all instances, so that a token from one is good at every other.
  const secret = randomBytes(32).toString('hex');
  const running = new Set<AsyncDisposable>();

  return {
    proxy,
    control: proxy.control,
    onlyOne: false,
    async start(run, signal) {
      const opened = await openUpstreams(spec.upstreams, { proxy, targets, run });
      try {
        const values = { ...(await valuesOf(opened, caFile)), secret };
        const service = await startService(spec, values, signal);
        const instance: Instance = {
          get url() {
            return service.url;
          },
          get died() {
            return service.died;
          },
          log: service.log,
          values,
          lend(run) {
            for (const upstream of opened) upstream.lend(run);
          },
          async [Symbol.asyncDispose]() {
            running.delete(instance);
            await disposeAll([service], opened);
          },
        };
        running.add(instance);
        return instance;
      } catch (error) {
        await disposeAll(opened);
        throw error;
      }
    },
    async [Symbol.asyncDispose]() {
      await disposeAll([...running], [proxy], [...targets.values(), caFile]);
    },
  };
}

function startService(
  spec: SystemSpec,
  values: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Service> {
  const { start, env } = spec.service;
  if ('builtin' in start) return startBuiltin(start, fill(env, { ...values, port: '0' }));
  if ('url' in start) return findRunning(spec.service, start.url, signal);
  return startCommand(spec, start.command, values, signal);
}

/** The built-in upstreams and the mocks, one server each for the whole run: they keep nothing that a cell could leave behind. */
async function openTargets(upstreams: Readonly<Record<string, UpstreamSpec>>) {
  const targets = new Map<string, Listening>();
  const builtins = Object.entries(upstreams).flatMap(([name, { target }]) =>
    'builtin' in target ? [{ name, builtin: target.builtin }] : [],
  );
  for (const { builtin } of builtins) {
    if (builtin === 'stats') continue;
    const message = `there is no built-in upstream "${builtin}" (there is: stats)`;
    throw new BrownoutError('unknown_builtin', message);
  }
  try {
    for (const [name, { target }] of Object.entries(upstreams))
      if ('mock' in target) targets.set(name, await startMock(target.mock));
    if (builtins.length === 0) return targets;
    const { startMockStats } = await import('../mock-stats/start.ts');
    for (const { name } of builtins) targets.set(name, await startMockStats());
    return targets;
  } catch (error) {
    await disposeAll([...targets.values()]);
    throw error;
  }
}

/** What files may say of each upstream: `${upstream.stats.url}`, `.address`, and with TLS `.ca`. */
async function valuesOf(opened: readonly OpenUpstream[], caFile: CaFile) {
  const values: Record<string, string> = {};
  for (const { name, url, address, ca } of opened) {
    values[`upstream.${name}.url`] = url;
    values[`upstream.${name}.address`] = address;
    if (ca !== undefined) values[`upstream.${name}.ca`] = await caFile.holding(ca);
  }
  return values;
}

/** One part after the other, each whatever came of those before it; rejects with the first error. */
async function disposeAll(...parts: readonly (readonly AsyncDisposable[])[]): Promise<void> {
  const failed: PromiseRejectedResult[] = [];
  for (const part of parts) {
    const ended = await Promise.allSettled(part.map((one) => one[Symbol.asyncDispose]()));
    failed.push(...ended.filter((one) => one.status === 'rejected'));
  }
  if (failed[0]) throw failed[0].reason;
}
