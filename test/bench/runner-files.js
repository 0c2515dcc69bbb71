import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The scenarios of `npm run bench:runner`, as people write them. */

const CONTRACT = `contract: page
request: { get: /page }
budget: { baseline: 2s, degraded: 2s }
calls:
  board: { part: /board, data: /board/data, empty: [], flag: /board/error, attempts: { max: 1 } }
  player: { part: /player, data: /player/data, empty: {}, flag: /player/error, attempts: { max: 1 } }
overall: { flag: /degraded }
`;
const PORTAL = `system: portal
service:
  start: builtin portal
  env:
    STATS_TRACKER_URL: \${upstream.stats.url}
    JWT_SECRET: \${secret}
    PAGE_DEADLINE: 250ms
    BACKOFF_MIN: 1ms # what a second attempt waits for is the portal's time, not the runner's
    BACKOFF_MAX: 1ms
  ready: { get: /health }
identities:
  ada:
    { post: /token/, json: { email: ada@example.test, password: ada-plays-fair }, token: /access }
upstreams:
  stats:
    target: builtin stats
    calls:
      leaderboard: GET /leaderboards/top_ten/:product
      player-stats: GET /stats/:product/:user
`;
const PORTAL_CONTRACT = `contract: open-game
request: { get: /games/v2/games/exrps, as: ada }
budget: { baseline: 2s, degraded: 2s }
calls:
  leaderboard: { part: /leaderboard, data: /leaderboard/data, empty: [], flag: /leaderboard/error }
  player-stats: { part: /player_stats, data: /player_stats/data, empty: {}, flag: /player_stats/error }
overall: { flag: /degraded }
volatile: [/request_id]
`;

/** The built-in portal, an instance for each cell. */
export const portal = {
  system: PORTAL,
  contract: PORTAL_CONTRACT,
  calls: ['leaderboard', 'player-stats'],
};

/** A page that keeps nothing, and runs already at `url`; its calls come to the port `listen`. */
export const pageAt = (url, listen, target) => ({
  system: `system: page
service: { url: "${url}", stateless: true, ready: { get: /page } }
upstreams:
  stats:
    target: ${target}
    listen: 127.0.0.1:${listen}
    calls: { board: GET /board, player: GET /player }
`,
  contract: CONTRACT,
  calls: ['board', 'player'],
});

/** One request and one fault in each of so many files, without a contract. */
export function single({ system, calls: [call] }, count) {
  const files = Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `one-${i}.yaml`,
      `scenario: Page ${i} is whole without its first part
id: one.n${i}
use: [./system.yaml]
faults:
  - { on: stats.${call}, inject: { status: 503 } }
steps:
  - get: /page
    expect: { status: 200, body: { /board/error: true, /board/data: [], /player/error: false } }
`,
    ]),
  );
  return folderOf({ 'system.yaml': system, ...files });
}

/** So many cells of the page's contract, `hanging` of them with a call that never answers. */
export function matrix({ system, contract, calls }, count, hanging = 0) {
  // Each is another fault, so that no two cells ask the same.
  const cells = Array.from({ length: count }, (_, i) => {
    const call = calls[i % 2];
    return i < hanging
      ? `{ call: ${call}, fault: { hang: request, for: ${10 + i}s } }`
      : `{ call: ${call}, fault: { status: ${500 + (i % 100)}, body: "${i}" } }`;
  });
  return folderOf({
    'system.yaml': system,
    'contract.yaml': contract,
    'scenario.yaml': `scenario: One lost call never takes the page down
id: page
use: [./system.yaml, ./contract.yaml]
matrix:
  include:
${cells.map((cell) => `    - ${cell}`).join('\n')}
faults:
  - { on: 'stats.\${call}', inject: '\${fault}' }
`,
  });
}

function folderOf(files) {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-bench-'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
  return folder;
}
