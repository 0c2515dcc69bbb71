import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { BrownoutError } from '../common/errors.ts';
import { formatDuration } from '../common/duration.ts';
import { listen } from '../common/server.ts';
import { fill, fillText } from './fill.ts';
import { createLog, type Log } from './log.ts';
import type { Service } from './open.ts';
import type { SystemSpec } from './spec.ts';

/**
 * Starts a program in a process group of its own and waits until it answers its readiness path. Disposing it ends the
 * whole group, so that nothing it started outlives it.
 * @throws {BrownoutError} `not_ready` with its last log lines
 */
export async function startCommand(
  spec: SystemSpec,
  command: readonly string[],
  values: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<Service> {
  const port = String(await freePort());
  const all = { ...values, port };
  const [program = '', ...parameters] = command.map((part) => fillText(part, all));
  const { cwd = '.', env, ready } = spec.service;
  const log = createLog();
  const child = spawn(program, parameters, {
    cwd: join(spec.directory, cwd),
    env: { ...process.env, ...fill(env, all) },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const life = watch(child, program, log);
  const url = `http://127.0.0.1:${port}`;
  try {
    await untilReady(`${url}${ready.get}`, ready.within, life, signal);
  } catch (error) {
    await life.end();
    throw error;
  }
  return {
    url,
    get died() {
      return life.died;
    },
    log: log.lines,
    [Symbol.asyncDispose]: () => life.end(),
  };
}

interface Life {
  /** Why it is no longer there; undefined while it runs, and after we ended it. */
  readonly died: string | undefined;
  readonly log: Log;
  end(): Promise<void>;
}

function watch(child: ChildProcess, program: string, log: Log): Life {
  let died: string | undefined;
  let ending = false;
  child.stdout?.setEncoding('utf8').on('data', log.write);
  child.stderr?.setEncoding('utf8').on('data', log.write);
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      died = `${program} could not be started: ${error.message}`;
      resolve();
    });
    child.once('exit', (code, killedBy) => {
      if (!ending) died = `${program} ended with ${killedBy ?? `code ${code}`}`;
      resolve();
    });
  });
  // Whatever ends this process, the program's group ends with it.
  const kill = () => killGroup(child, 'SIGKILL');
  process.once('exit', kill);
  return {
    get died() {
      return died;
    },
    log,
    async end() {
      ending = true;
      killGroup(child, 'SIGTERM');
      const grace = setTimeout(kill, END_GRACE_MS);
      await gone;
      clearTimeout(grace);
      // Its own children may have ignored the first signal.
      kill();
      process.off('exit', kill);
    },
  };
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // The group is gone already: that is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function untilReady(
  url: string,
  within: number,
  life: Life,
  signal: AbortSignal,
): Promise<void> {
  const deadline = performance.now() + within;
  for (;;) {
    signal.throwIfAborted();
    if (life.died !== undefined) throw notReady(life.died, life.log);
    const answered = await fetch(url, { signal: AbortSignal.timeout(PROBE_MS) }).then(
      async (response) => {
        await response.body?.cancel();
        return response.ok;
      },
      () => false,
    );
    if (answered) return;
    if (performance.now() > deadline) {
      throw notReady(`${url} did not answer 2xx within ${formatDuration(within)}`, life.log);
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

function notReady(what: string, log: Log): BrownoutError {
  const tail = log.lines.slice(-10).join('\n');
  return new BrownoutError(
    'not_ready',
    `the service did not start: ${what}${tail ? `\n${tail}` : ''}`,
  );
}

/** A port for a program that cannot choose its own. */
async function freePort(): Promise<number> {
  await using probe = await listen(createServer());
  return probe.port;
}

const PROBE_MS = 1000;
const POLL_MS = 50;
const END_GRACE_MS = 2000;
