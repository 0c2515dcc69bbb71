import { join } from 'node:path';
import { formatDuration } from '../common/duration.ts';
import { BrownoutError } from '../common/errors.ts';
import { fill, fillText } from './fill.ts';
import type { Service } from './open.ts';
import { givePort } from './port.ts';
import { startGroup, type ProcessGroup } from './process-group.ts';
import { untilReady } from './ready.ts';
import type { SystemSpec } from './spec.ts';

/**
 * Starts a program and waits until it answers its readiness path. Disposing it ends the program and all that it started.
 * @throws {BrownoutError} `not_ready` with its last log lines
 */
export async function startCommand(
  spec: SystemSpec,
  command: readonly string[],
  values: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Service> {
  const given = await givePort();
  const all = { ...values, port: String(given.port) };
  const { cwd = '.', env, ready } = spec.service;
  const group = startGroup(
    command.map((part) => fillText(part, all)),
    { cwd: join(spec.directory, cwd), env: { ...process.env, ...fill(env, all) } },
  );
  const url = `http://127.0.0.1:${given.port}`;
  const end = async () => {
    await group[Symbol.asyncDispose]();
    given.giveBack();
  };
  const path = `${url}${ready.get}`;
  const isReady = await untilReady(
    path,
    ready.within,
    () => group.died !== undefined,
    signal,
  ).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  if (!isReady) {
    const late = `${path} did not answer 2xx within ${formatDuration(ready.within)}`;
    const why = group.died ?? late;
    await end();
    throw notReady(why, group);
  }
  return {
    url,
    get died() {
      return group.died;
    },
    log: group.log,
    [Symbol.asyncDispose]: end,
  };
}

function notReady(why: string, { log }: ProcessGroup): BrownoutError {
  const lines = [`the service did not start: ${why}`, ...log.lines.slice(-LOG_LINES)];
  return new BrownoutError('not_ready', lines.join('\n'));
}

const LOG_LINES = 10;
