import { expect } from 'chai';
import { createTokens } from '../../../src/portal/accounts/tokens.ts';
import { SEED_ACCOUNTS } from '../../../src/portal/accounts/seed.ts';
import { readConfig } from '../../../src/portal/config.ts';
import type { StaleStore } from '../../../src/portal/stats/stale/store.ts';
import { startCustomPortal } from '../custom-portal.ts';
import { asAda, PAGE, SECRET, until, type LogLine } from '../portal-under-test.ts';
import { BOARD, hang, json, NAMED_BOARD, reset, STATS } from '../stub-stats.ts';
import { flagged, usePortal } from '../use-portal.ts';

const ON = { STALE_FALLBACK: 'on' };

describe('portal: the last good answer in place of none (row 32)', () => {
  const system = usePortal(ON);
  const page = async (headers = {}) => (await system.portal.getAsAda(PAGE, headers)).body;
  const fail = () => Object.assign(system.stub, { board: reset, stats: reset });

  it('is off unless it is asked for', async () => {
    await system.restartPortal({});
    await page();
    fail();
    expect((await page()).leaderboard).to.deep.equal(flagged([], 'unreachable'));
  });

  it('is shown for both parts, flagged, with its age', async () => {
    await page();
    fail();
    const { leaderboard, player_stats, degraded } = await page();
    expectStale(leaderboard, NAMED_BOARD);
    expectStale(player_stats, STATS);
    expect(degraded).to.equal(true);
  });

  it('is kept by no cache, and comes with the hint when to ask again', async () => {
    await page();
    fail();
    const { headers } = await system.portal.getAsAda(PAGE);
    expect(headers).to.include({ 'cache-control': 'no-store', 'retry-after': '1' });
  });

  it('is the bare document in v1, with its age in the header', async () => {
    await system.portal.getAsAda('/games/v1/leaderboard/exrps/');
    await system.portal.getAsAda('/games/v1/stats/exrps/');
    fail();
    const board = await system.portal.getAsAda('/games/v1/leaderboard/exrps/');
    expect(board.body).to.deep.equal(NAMED_BOARD);
    expect(board.headers['degraded']).to.match(/^leaderboard;reason=unreachable;stale;age=\d+$/);
    const stats = await system.portal.getAsAda('/games/v1/stats/exrps/');
    expect(stats.body).to.deep.equal(STATS);
    expect(stats.headers['degraded']).to.match(/^player-stats;reason=unreachable;stale;age=\d+$/);
  });

  it('grows older in whole seconds, until the service is back', async () => {
    await page();
    fail();
    await until(async () => (await page()).leaderboard.age >= 1);
    system.stub.board = json(BOARD.slice(0, 1));
    await until(async () => !(await page()).leaderboard.error);
    fail();
    expectStale((await page()).leaderboard, NAMED_BOARD.slice(0, 1));
  });

  it('is shown no longer than it may be', async () => {
    await system.restartPortal({ ...ON, STALE_MAX_AGE: '60ms' });
    await page();
    fail();
    await until(async () => (await page()).leaderboard.stale === undefined);
    expect((await page()).leaderboard.data).to.deep.equal([]);
    expect((await page()).player_stats.data).to.deep.equal({});
  });

  it('an empty board that was healthy is an answer like any other', async () => {
    system.stub.board = json([]);
    await page();
    fail();
    expect((await page()).leaderboard).to.include({ error: true, stale: true });
  });

  it("is nothing for another game, and a player's stats never another's", async () => {
    await page();
    fail();
    const graceful = await asGrace();
    const other = await system.portal.get(PAGE, graceful);
    expect(other.body.leaderboard.data).to.deep.equal(NAMED_BOARD);
    expect(other.body.player_stats.data).to.deep.equal({});
    expect(other.body.player_stats).to.not.have.property('stale');
    const anonymous = await system.portal.get(PAGE);
    expect(anonymous.body.player_stats).to.deep.equal({
      data: {},
      error: false,
      reason: 'anonymous',
    });
    const game = await system.portal.getAsAda('/games/v2/games/test_game');
    expect(game.body.leaderboard.data).to.deep.equal([]);
    expect(game.body.player_stats.data).to.deep.equal({});
  });

  it('is not for a token that has expired', async () => {
    await page();
    fail();
    const { status, text } = await system.portal.get(PAGE, await asAda(7_200_000));
    expect(status).to.equal(401);
    expect(text).to.not.include('wins');
  });

  it('stays whose it is when many ask at once while the service comes and goes', async () => {
    const users = await Promise.all(SEED_ACCOUNTS.map(async (account) => tokenOf(account)));
    system.stub.stats = ({ request, response, socket }) => {
      if (Math.random() < 0.5) return void socket.resetAndDestroy();
      response.end(JSON.stringify({ of: request.url }));
    };
    await Promise.all(
      Array.from({ length: 150 }, async (_, i) => {
        const index = i % users.length;
        const { body } = await system.portal.get('/games/v2/stats/exrps', users[index]);
        const of = body.data.of as string | undefined;
        expect(of ?? '').to.be.oneOf(['', `/stats/exrps/${SEED_ACCOUNTS[index]?.id}`]);
      }),
    );
  });

  it('with the preference for multi-status, counts as failed but is no reason for a 502 (row 30)', async () => {
    const prefer = { prefer: 'partial=multi-status' };
    await page();
    fail();
    const { status, body } = await system.portal.getAsAda(PAGE, prefer);
    expect(status).to.equal(207);
    expect(body.leaderboard.data).to.deep.equal(NAMED_BOARD);
    expect(body.meta.errors[0].errorDetails).to.match(
      /^The leaderboard is not available: the stats service could not be reached\. What is shown is \d+ seconds old\.$/,
    );
  });

  for (const broken of ['put', 'take'] as const) {
    it(`a store of which ${broken} throws is no outage (row 117)`, async () => {
      const store: StaleStore = { put: () => undefined, take: () => undefined };
      store[broken] = () => {
        throw new Error('the store is down');
      };
      await withStore(store, async (ask, log) => {
        expect((await ask()).leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
        fail();
        expect((await ask()).leaderboard).to.deep.equal(flagged([], 'unreachable'));
        const line = log.find(({ cause }) => cause === 'the store is down');
        expect(line).to.include({ level: 'warn' });
      });
    });
  }

  it('a store that gives what is no JSON is no outage (row 117)', async () => {
    const store: StaleStore = { put: () => undefined, take: () => ({ json: '{"a', ageMs: 1 }) };
    await withStore(store, async (ask) => {
      system.stub.board = hang;
      expect((await ask()).leaderboard).to.deep.equal(flagged([], 'timeout'));
    });
  });

  async function withStore(
    staleStore: StaleStore,
    // oxlint-disable-next-line typescript/no-explicit-any -- a body whose shape is what is tested
    work: (ask: () => Promise<any>, log: readonly LogLine[]) => Promise<void>,
  ): Promise<void> {
    const env = { ...ON, STATS_TRACKER_URL: system.stub.url, ATTEMPT_TIMEOUT: '60ms' };
    await using portal = await startCustomPortal(readConfig(env), { staleStore });
    await work(async () => (await fetch(portal.url + PAGE)).json(), portal.log);
  }
});

function expectStale(part: { readonly age: unknown }, data: unknown): void {
  expect(part.age).to.be.a('number').that.is.within(0, 600);
  const flags = { stale: true, age: part.age };
  expect(part).to.deep.equal({ ...flagged(data, 'unreachable'), ...flags });
}

async function asGrace(): Promise<Record<string, string>> {
  return tokenOf(SEED_ACCOUNTS[1]!);
}

async function tokenOf(account: (typeof SEED_ACCOUNTS)[number]): Promise<Record<string, string>> {
  const lifetimes = { secret: SECRET, accessMs: 3_600_000, refreshMs: 7_200_000 };
  const tokens = createTokens(lifetimes, { now: Date.now, randomHex: () => 'id' });
  return { authorization: `Bearer ${(await tokens.issue(account)).access}` };
}
