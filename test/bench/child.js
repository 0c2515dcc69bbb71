import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Starts a contender in a process of its own; `stop` ends that process. `quiet` throws away what it logs. */
export async function startChild(script, args, execArgv = [], quiet = false) {
  const path = fileURLToPath(new URL(`contenders/${script}.js`, import.meta.url));
  // A proxy that the machine has for the world outside is not for its loopback.
  const env = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/_proxy$/i.test(k)));
  const child = fork(path, args.map(String), {
    execArgv,
    env,
    // Some peers tell of every connection that the load tool drops.
    stdio: [
      'ignore',
      'ignore',
      quiet || /mountebank|mockttp/.test(path) ? 'ignore' : 'inherit',
      'ipc',
    ],
  });
  const exited = once(child, 'exit');
  const [{ port }] = await Promise.race([
    once(child, 'message'),
    exited.then(() => Promise.reject(new Error(`${script} ended before it was ready`))),
  ]);
  let lastId = 0;
  return {
    port,
    /** Megabytes, resident. */
    memory: () => Number(/VmRSS:\s+(\d+)/.exec(proc(child.pid, 'status'))?.[1]) / 1024,
    /** Microseconds of processor time so far, of all its threads. */
    busy() {
      const tasks = readdirSync(`/proc/${child.pid}/task`);
      const times = tasks.map((task) =>
        Number(proc(child.pid, `task/${task}/schedstat`).split(' ')[0]),
      );
      return times.reduce((sum, ns) => sum + ns / 1000, 0);
    },
    /** Asks one of the contender's commands. */
    async ask(name, ...args) {
      const id = ++lastId;
      child.send({ id, name, args });
      for (;;) {
        const [answer] = await once(child, 'message');
        if (answer.id !== id) continue;
        if (answer.error) throw new Error(answer.error);
        return answer.value;
      }
    },
    async stop() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}

function proc(pid, file) {
  return readFileSync(`/proc/${pid}/${file}`, 'utf8');
}
