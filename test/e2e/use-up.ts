import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { isAlive as isProcessAlive } from '../helpers/alive.ts';
import { brownout, start, type Finished, type Running } from '../helpers/cli.ts';
import type { Folder } from '../helpers/folder.ts';

/** A `brownout up` that runs, as a user has started it. */
export interface RunningUp extends AsyncDisposable {
  readonly running: Running;
  /** What it said when it had come up. */
  readonly screen: string;
  /** The addresses that it printed, by name: `page`, `service`, `control`, and each upstream. */
  readonly urls: Readonly<Record<string, string>>;
  /** Runs a verb in another terminal. */
  verb(...args: string[]): Promise<Finished>;
}

export async function startUp(
  args: readonly string[],
  {
    cwd,
    env = {},
  }: { readonly cwd?: string; readonly env?: Readonly<Record<string, string>> } = {},
): Promise<RunningUp> {
  const at = cwd === undefined ? {} : { cwd };
  const running = start(['up', '--port', '0', '--control', '0', ...args], { ...at, env });
  const screen = stripVTControlCharacters(await running.says(/try:.*\n/));
  const lines = screen.matchAll(/^(\S+) +(http:\/\/\S+)/gm);
  const urls = Object.fromEntries([...lines].map(([, name, url]) => [name, url]));
  const other = { ...at, env: { BROWNOUT_CONTROL: urls['control'] ?? '', ...env } };
  return {
    running,
    screen,
    urls,
    verb: (...words) => brownout(words, other),
    async [Symbol.asyncDispose]() {
      running.child.kill('SIGINT');
      await running.finished;
    },
  };
}

/**
 * A service that passes on nothing of the request that it works for: its page is the leaderboard, or none and a flag;
 * `/patient` waits for it forever. It ends at `/die`.
 */
export const FORGETFUL: Readonly<Record<string, string>> = {
  'app.mjs': `import { createServer, get } from 'node:http';
import { writeFileSync } from 'node:fs';
writeFileSync('pid', String(process.pid));
createServer((request, response) => {
  const answer = (status, page) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(page));
  if (request.url === '/health') return answer(200, {});
  if (request.url === '/die') { console.log('this is the end'); process.exit(3); }
  const failed = () => answer(request.url === '/bare' ? 500 : 200, { board: { data: [], error: true } });
  const asked = get(process.env.STATS_URL + '/leaderboards/top_ten/exrps', { timeout: request.url === '/patient' ? 0 : 200, agent: false }, (given) => {
    let text = '';
    given.on('data', (piece) => (text += piece)).on('end', () => {
      if (given.statusCode !== 200) return failed();
      answer(200, { board: { data: JSON.parse(text), error: false } });
    });
  });
  asked.on('timeout', () => asked.destroy(new Error('late'))).on('error', failed);
}).listen(Number(process.env.PORT), '127.0.0.1');
`,
  'system.yaml': `system: forgetful
service:
  command: [${JSON.stringify(process.execPath)}, app.mjs]
  env: { PORT: "\${port}", STATS_URL: "\${upstream.stats.url}" }
  ready: { get: /health }
upstreams:
  stats:
    target: builtin stats
    calls: { leaderboard: GET /leaderboards/top_ten/:product }
presets:
  no-board: { on: leaderboard, inject: { status: 503 } }
`,
  'contracts/board.yaml': `contract: board
request: { get: /board }
budget: { baseline: 1s, degraded: 2s }
calls:
  leaderboard: { part: /board, data: /board/data, empty: [], flag: /board/error }
`,
};

/** Whether the service of such a folder still runs. */
export function isAlive(at: Folder): boolean {
  return existsSync(at.file('pid')) && isProcessAlive(at.read('pid'));
}
