import { loadSuite } from '../../src/scenario/load/load.ts';
import type { Result } from '../../src/scenario/result.ts';
import { runSuite } from '../../src/scenario/run/run.ts';
import { openSystem } from '../../src/system/open.ts';
import { BROKEN_BOARD, inFolder, CONTRACT, SCENARIO, SYSTEM } from './run-files.ts';
import { startUpstream } from './service.ts';

/** A page over the upstream at STATS; `onFailure` is what it does when the board is lost. */
export const program = (onFailure: string) => `
const http = require('node:http');
const get = (path) => fetch(process.env.STATS + path).then((response) => {
  if (response.status !== 200) throw new Error('bad');
  return response.json();
});
const part = (path, empty) => get(path).then(
  (data) => ({ data, error: false }),
  () => { ${onFailure}; return { data: empty, error: true }; },
);
http.createServer(async (request, response) => {
  const [board, player] = await Promise.all([part('/board', []), part('/player', {})]);
  response.end(JSON.stringify({ board, player, degraded: board.error || player.error }));
}).listen(Number(process.argv[2]), '127.0.0.1');
`;

/** Runs a scenario, in two cells unless it says its matrix, on that program; with what else the system file says. */
export async function runProgram(
  onFailure: string,
  scenario: object = {},
  { listen, ...system }: { readonly listen?: string | number; readonly isolation?: string } = {},
): Promise<Result> {
  await using upstream = await startUpstream();
  const files = {
    'app/main.cjs': program(onFailure),
    'system.yaml': {
      ...SYSTEM,
      service: {
        command: [process.execPath, 'main.cjs', '${port}'],
        cwd: 'app',
        env: { STATS: '${upstream.stats.url}' },
      },
      upstreams: {
        stats: {
          ...SYSTEM.upstreams.stats,
          target: upstream.url,
          ...(listen === undefined ? {} : { listen }),
        },
      },
      ...system,
    },
    'contract.yaml': { ...CONTRACT, budget: { baseline: '5s', degraded: '5s' } },
    'scenario.yaml': {
      ...SCENARIO,
      ...BROKEN_BOARD,
      matrix: { n: [1, 2] },
      tags: ['n${n}'],
      ...scenario,
    },
  };
  return await inFolder(files, (folder) =>
    runSuite({
      suite: loadSuite([folder]),
      seed: 'seed',
      openSystem: (spec) => openSystem(spec, 'seed'),
      on: () => undefined,
      signal: new AbortController().signal,
      startedAt: new Date(0),
    }),
  );
}
