import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { messageOf } from '../common/errors.ts';
import { createLog, type Log, type LogTail } from './log.ts';
import { MARK, stragglers } from './stragglers.ts';
import { guardGroup } from './watchdog.ts';

/**
 * A program in a process group of its own. Disposing it ends the whole group, so that nothing it started outlives it. What has
 * left the group, as daemons do, ends with the last of all groups.
 */
export interface ProcessGroup extends AsyncDisposable {
  /** Why it is no longer there; undefined while it runs, and after we ended it. */
  readonly died: string | undefined;
  /** The last lines it wrote. */
  readonly log: LogTail;
}

export function startGroup(
  command: readonly string[],
  {
    cwd,
    env,
  }: { readonly cwd: string; readonly env: Readonly<Record<string, string | undefined>> },
): ProcessGroup {
  const [program = '', ...parameters] = command;
  const log = createLog();
  try {
    const child = spawn(program, parameters, {
      cwd,
      env: { ...env, ...MARK },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    return watch(child, program, cwd, log);
  } catch (error) {
    // Some of what can go wrong is thrown here, not told by an event.
    const died = `${program} (in ${cwd}) could not be started: ${messageOf(error)}`;
    return { died, log, async [Symbol.asyncDispose]() {} };
  }
}

function watch(child: ChildProcess, name: string, cwd: string, log: Log): ProcessGroup {
  const program = `${name} (in ${cwd})`;
  let died: string | undefined;
  let ending = false;
  child.stdout?.setEncoding('utf8').on('data', log.write);
  child.stderr?.setEncoding('utf8').on('data', log.write);
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      died = `${program} could not be started: ${whyNot(error, name, cwd)}`;
      resolve();
    });
    child.once('exit', (code, killedBy) => {
      const hint = code === 0 ? ' (it is to stay in the foreground)' : '';
      if (!ending) died = `${program} ended with ${killedBy ?? `code ${code}`}${hint}`;
      resolve();
    });
  });
  const heard = new Promise<void>((resolve) => child.once('close', () => resolve()));
  running.add(child);
  if (running.size === 1) process.on('exit', killAll);
  const unguard = child.pid === undefined ? undefined : guardGroup(child.pid);

  return {
    get died() {
      return died;
    },
    log,
    async [Symbol.asyncDispose]() {
      ending = true;
      killGroup(child, 'SIGTERM');
      await within(END_GRACE_MS, gone);
      // The program may have ignored the first signal; so may its own children.
      killGroup(child, 'SIGKILL');
      await gone;
      // What it wrote last is still on its way. One that left the group may hold the pipe: it is not waited for.
      await within(HEAR_GRACE_MS, heard);
      child.stdout?.destroy();
      child.stderr?.destroy();
      unguard?.();
      if (!running.delete(child) || running.size > 0) return;
      process.off('exit', killAll);
      await endStragglers();
    },
  };
}

/** Of a folder that is not there the system says the same as of a program that is not. */
function whyNot({ code, message }: NodeJS.ErrnoException, program: string, cwd: string): string {
  if (code === 'ENOENT' && !existsSync(cwd)) return `there is no such folder (${code})`;
  if (code === 'ENOENT') return `no such program, neither in PATH nor by this path (${code})`;
  if (code === 'EACCES')
    return `it cannot be executed (${code}): make it so by chmod +x ${program}, or name its interpreter first`;
  return message;
}

function killGroup({ pid }: ChildProcess, signal: NodeJS.Signals): void {
  if (pid !== undefined) kill(-pid, signal);
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    // It is gone already: that is what was wanted.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

async function endStragglers(): Promise<void> {
  const latest = performance.now() + END_GRACE_MS;
  let left = stragglers();
  for (const pid of left) kill(pid, 'SIGTERM');
  while (left.length > 0 && performance.now() < latest) {
    await sleep(STRAGGLE_MS);
    left = stragglers();
  }
  for (const pid of left) kill(pid, 'SIGKILL');
}

/** Whatever ends this process, the groups end with it. One listener for all: each of its own would soon be too many. */
function killAll(): void {
  for (const child of running) killGroup(child, 'SIGKILL');
  for (const pid of stragglers()) kill(pid, 'SIGKILL');
}

async function within(ms: number, event: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([event, late]);
  clearTimeout(timer);
}

const running = new Set<ChildProcess>();
const END_GRACE_MS = 2000;
const HEAR_GRACE_MS = 200;
const STRAGGLE_MS = 20;
