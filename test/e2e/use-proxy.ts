import { createServer, type RequestListener } from 'node:http';
import { stripVTControlCharacters } from 'node:util';
import { listen, type Listening } from '../../src/common/server.ts';
import { brownout, start, type Finished, type Running } from '../helpers/cli.ts';

/** A `brownout proxy` that runs, as a user has started it. */
export interface RunningProxy extends AsyncDisposable {
  readonly running: Running;
  /** What it said when it had started. */
  readonly screen: string;
  /** The addresses that it printed, by name; `control` is one of them. */
  readonly urls: Readonly<Record<string, string>>;
  /** Resolves with all that came on stderr, when it holds `text`. */
  complains(text: string): Promise<string>;
  /** Runs a verb against it. */
  verb(...args: string[]): Promise<Finished>;
}

export async function startProxy(
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): Promise<RunningProxy> {
  const running = start(['proxy', '--control', '127.0.0.1:0', ...args], { env });
  let stderr = '';
  const listeners = new Set<() => void>();
  running.child.stderr?.on('data', (text: string) => {
    stderr += text;
    for (const listener of listeners) listener();
  });
  const screen = await running.says(/try:.* brownout .*\n/);
  const lines = stripVTControlCharacters(screen).matchAll(/^(\S+) +(\w+:\/\/\S+)/gm);
  const urls = Object.fromEntries([...lines].map(([, name, url]) => [name, url]));
  return {
    running,
    screen,
    urls,
    complains: (text) =>
      new Promise((resolve, reject) => {
        const look = () => {
          if (stderr.includes(text)) resolve(stderr);
        };
        listeners.add(look);
        look();
        void running.finished.then(() => reject(new Error(`it ended, saying: ${stderr}`)));
      }),
    verb: (...words) => brownout([...words, '--control', urls['control'] ?? ''], { env }),
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGINT');
      await running.finished;
    },
  };
}

/** A service to stand before. */
export function upstream(
  answer: RequestListener = (_, response) => void response.end('well'),
): Promise<Listening> {
  return listen(createServer(answer));
}

/** A port that nobody has for now. */
export async function freePort(): Promise<number> {
  const server = await listen(createServer());
  await server[Symbol.asyncDispose]();
  return server.port;
}
