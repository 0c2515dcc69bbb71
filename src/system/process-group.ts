import { spawn, type ChildProcess } from 'node:child_process';
import { createLog, type Log, type LogTail } from './log.ts';

/** A program in a process group of its own. Disposing it ends the whole group, so that nothing it started outlives it. */
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
  const child = spawn(program, parameters, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  return watch(child, `${program} (in ${cwd})`, log);
}

function watch(child: ChildProcess, program: string, log: Log): ProcessGroup {
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
  const heard = new Promise<void>((resolve) => child.once('close', () => resolve()));
  running.add(child);
  if (running.size === 1) process.on('exit', killAll);

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
      if (running.delete(child) && running.size === 0) process.off('exit', killAll);
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

/** Whatever ends this process, the groups end with it. One listener for all: each of its own would soon be too many. */
function killAll(): void {
  for (const child of running) killGroup(child, 'SIGKILL');
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
