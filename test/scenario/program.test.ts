import { expect } from 'chai';
import { loadSuite } from '../../src/scenario/load.ts';
import { runSuite } from '../../src/scenario/run.ts';
import { openSystem } from '../../src/system/open.ts';
import { BROKEN_BOARD, inFolder, CONTRACT, SCENARIO, SYSTEM } from './run-files.ts';
import { startUpstream } from './service.ts';

/** A page over the upstream at STATS; `onFailure` is what it does when the board is lost. */
const program = (onFailure: string) => `
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

describe('a program as the system under test', () => {
  const runWith = async (onFailure: string) => {
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
        upstreams: { stats: { ...SYSTEM.upstreams.stats, target: upstream.url } },
      },
      'contract.yaml': { ...CONTRACT, budget: { baseline: '5s', degraded: '5s' } },
      'scenario.yaml': { ...SCENARIO, ...BROKEN_BOARD, matrix: { n: [1, 2] }, tags: ['n${n}'] },
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
  };

  it('passes when it degrades right', async () => {
    const { cells } = await runWith('');
    expect(cells.map(({ verdict, reason }) => reason ?? verdict)).to.deep.equal([
      'passed',
      'passed',
    ]);
  });

  it('is failed when it dies under a fault, with its last words', async () => {
    const { cells, exit } = await runWith(`console.error('lost the board'); process.exit(9)`);
    for (const { verdict, reason } of cells) {
      expect(verdict).to.equal('failed');
      expect(reason).to.match(
        /^the service died under a fault: .* ended with code 9\nlost the board$/,
      );
    }
    expect(exit).to.equal(1);
  });

  it('is broken with its log when it does not start', async () => {
    const { cells, exit } = await runWith(`} ; throw new Error('no database'); {`).catch(
      (error: Error) => expect.fail(error.message),
    );
    expect(cells[0]?.verdict).to.equal('broken');
    expect(cells[0]?.reason).to.match(/^the service did not start: .* ended with code 1\n/);
    expect(exit).to.equal(4);
  });
});
