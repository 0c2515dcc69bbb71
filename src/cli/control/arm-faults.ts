import { parseDuration } from '../../common/duration.ts';
import { BrownoutError, InvalidError, messageOf } from '../../common/errors.ts';
import type { ControlClient } from '../../proxy/control/client.ts';
import type { ArmedRule } from '../../proxy/fault-control.ts';
import { addressed } from './addressed.ts';

interface Options {
  /** Such as `60s`. */
  readonly ttl?: string;
  readonly run?: string;
}

/**
 * Arms what an address means: all of it, or nothing.
 * @throws {InvalidError}
 */
export async function armFaults(
  client: ControlClient,
  address: string,
  { ttl, run }: Options,
): Promise<readonly ArmedRule[]> {
  const ttlMs = ttl === undefined ? undefined : readTtl(ttl);
  const armed: ArmedRule[] = [];
  for (const { label, rule } of await addressed(client, [address], [])) {
    try {
      armed.push(await client.arm(rule, { run, ttlMs }));
    } catch (error) {
      for (const { id } of armed) await client.remove(id);
      throw error instanceof InvalidError ? labelled(error, label) : error;
    }
  }
  return armed;
}

function labelled({ problems }: InvalidError, label: string): InvalidError {
  return new InvalidError(
    problems.map(({ path, message }) => {
      const where = path[0] === 'ttl' ? '--ttl' : [label, ...path].join(' ');
      return { path: [], message: `${where}: ${message}` };
    }),
  );
}

function readTtl(text: string): number {
  try {
    return parseDuration(text);
  } catch (error) {
    throw new BrownoutError('usage', `--ttl: ${messageOf(error)}`);
  }
}
