import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect } from 'chai';
import { startFrontDoor, startProxy } from '../../src/index.ts';
import { runScenarios } from '../../src/run-scenarios.ts';
import type { Result } from '../../src/scenario/result.ts';
import { startMockStats } from '../../src/mock-stats/start.ts';
import { startPortal } from '../../src/portal/start.ts';
import { inFolder } from '../scenario/run-files.ts';

const PORTAL = resolve('scenarios/portal');
const PAGE = '/games/v2/games/exrps';

interface Page {
  readonly leaderboard: { readonly error: boolean; readonly data: unknown[] };
  readonly player_stats: { readonly error: boolean };
}

describe('the unprotected portal, which keeps nothing from one request to the next', () => {
  it('comes to the same verdicts with all cells on one instance', async function () {
    this.timeout(120_000);
    const written = readFileSync(`${PORTAL}/unprotected.yaml`, 'utf8');
    const stateless = written.replace('service:\n', 'service:\n  stateless: true\n');
    const run = (text: string) =>
      inFolder({ 'system.yaml': text }, (folder) =>
        runScenarios(
          FILES.map((file) => `${PORTAL}/${file}.yaml`),
          {
            system: `${folder}/system.yaml`,
            seed: '1',
          },
        ),
      );
    const alone = await run(written);
    const shared = await run(stateless);
    expect(verdicts(shared)).to.deep.equal(verdicts(alone));
    const apart = shared.cells.filter(({ isolation }) => isolation === 'instance');
    expect(apart.map(({ id }) => id.replace(/\[.*/, ''))).to.deep.equal(
      Array.from({ length: 2 }, () => 'open-game.connection'),
    );
    expect(shared.cells).to.have.length(alone.cells.length);
    expect(alone.cells.length).to.be.above(50);
    expect(shared).not.to.have.property('warnings');
  });
});

describe('a front door with a plan, before the portal, behind which a proxy allows plans', () => {
  it('breaks its own requests, and leaves those whole that come beside them', async () => {
    await using stats = await startMockStats();
    await using proxy = await startProxy(
      [
        {
          name: 'stats',
          target: stats.url,
          calls: {
            leaderboard: 'GET /leaderboards/top_ten/:product',
            'player-stats': 'GET /stats/:product/:user',
          },
        },
      ],
      { plans: true },
    );
    await using portal = await startPortal({
      env: { STATS_TRACKER_URL: proxy.upstreams[0]?.url, LOG_LEVEL: 'silent' },
    });
    const plan = 'leaderboard=status:404';
    await using broken = await startFrontDoor({ target: portal.url, run: 'a', plan });
    await using whole = await startFrontDoor({ target: portal.url, run: 'b' });
    const asked = await Promise.all(
      [broken, whole, broken, whole, whole].map(async ({ url }) => {
        const response = await fetch(url + PAGE, { headers: { connection: 'close' } });
        const { leaderboard } = (await response.json()) as Page;
        return [response.status, leaderboard.error, leaderboard.data.length > 0];
      }),
    );
    const [B, W] = [
      [200, true, false],
      [200, false, true],
    ];
    expect(asked).to.deep.equal([B, W, B, W, W]);
    const { entries } = await proxy.control.journal({ call: 'leaderboard' });
    expect(entries.map(({ run, plan, status }) => `${run} ${plan} ${status}`).sort()).to.deep.equal(
      [`a ${plan} 404`, `a ${plan} 404`, 'b undefined 200', 'b undefined 200', 'b undefined 200'],
    );
  });
});

function verdicts({ cells }: Result): Record<string, string> {
  return Object.fromEntries(cells.map(({ id, verdict }) => [id, verdict]));
}

/** Broken answers and odd ones, retries; two cells of the last break connections, which belong to no run. */
const FILES = ['one-call', 'harmless', 'every-other', 'connection'];
