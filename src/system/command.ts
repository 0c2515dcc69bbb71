import { isAbsolute, join } from 'node:path';
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
    {
      cwd: isAbsolute(cwd) ? cwd : join(spec.directory, cwd),
      env: { ...process.env, ...fill(env, all) },
    },
  );
  const end = async () => {
    await group[Symbol.asyncDispose]();
    given.giveBack();
  };
  // Where it listens at localhost, that may be either.
  const urls = [`http://127.0.0.1:${given.port}`, `http://[::1]:${given.port}`];
  const ended = () => group.died !== undefined;
  const found = await untilReady(urls, ready, ended, signal).catch(async (error: unknown) => {
    await end();
    throw error;
  });
  if ('problem' in found) {
    const why = group.died ?? found.problem;
    await end();
    throw notReady(why, group.died === undefined ? adviceOn(found.problem) : [], group);
  }
  return {
    url: found.url,
    get died() {
      return group.died;
    },
    log: group.log,
    [Symbol.asyncDispose]: end,
  };
}

function notReady(why: string, advice: readonly string[], { log }: ProcessGroup): BrownoutError {
  const said = log.lines.slice(-LOG_LINES);
  return new BrownoutError(
    'not_ready',
    [`the service did not start: ${why}`, ...advice, ...said].join('\n'),
  );
}

/** For one that runs, and is not found ready. */
function adviceOn(problem: string): readonly string[] {
  if (problem.includes('ECONNREFUSED'))
    return [
      'It has to listen on the port that it is given: say PORT: "${port}" under service.env, or ${port} in service.command.',
    ];
  if (problem.includes('status '))
    return ['Say under service.ready what it answers 2xx to, such as ready: { get: /health }.'];
  return [];
}

const LOG_LINES = 10;
