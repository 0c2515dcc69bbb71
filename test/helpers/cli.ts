import { spawn, type ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { root } from './root.ts';

/** What a finished command has said. */
export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A command that is still running. */
export interface Running {
  readonly child: ChildProcess;
  /** Resolves with the text on stdout so far, when it holds `text`; rejects when the command ends before. */
  says(text: string | RegExp): Promise<string>;
  readonly finished: Promise<Finished>;
}

interface Options {
  readonly cwd?: URL | string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Runs `brownout` as a user does, to its end. */
export function brownout(args: readonly string[], options: Options = {}): Promise<Finished> {
  return start(args, options).finished;
}

/** Starts `brownout` as a user does. */
export function start(args: readonly string[], { cwd = root, env = {} }: Options = {}): Running {
  const bin = fileURLToPath(new URL('bin/brownout.js', root));
  const clean = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !MOODS.includes(name)),
  );
  const child = spawn(process.execPath, [bin, ...args], {
    cwd,
    env: { ...clean, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [stdout, stderr] = ['', ''];
  const listeners = new Set<() => void>();
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    for (const listener of listeners) listener();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const finished = new Promise<Finished>((resolve) => {
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return {
    child,
    finished,
    says: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (typeof text === 'string' ? stdout.includes(text) : text.test(stdout)) resolve(stdout);
        };
        listeners.add(look);
        look();
        void finished.then(() =>
          reject(new Error(`it ended without saying ${String(text)}:\n${stdout}${stderr}`)),
        );
      }),
  };
}

/** What would make the output depend on where the tests run. */
const MOODS = ['CI', 'FORCE_COLOR', 'NO_COLOR', 'PORT', 'STATS_TRACKER_URL'];
