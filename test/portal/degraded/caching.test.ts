import { expect } from 'chai';
import { PAGE } from '../portal-under-test.ts';
import { NAMED_BOARD, reset, STATS } from '../stub-stats.ts';
import { flagged, usePortal } from '../use-portal.ts';

describe('portal: what caches may keep (rows 31, 117, 135)', () => {
  const system = usePortal();

  for (const path of [PAGE, '/games/v2/leaderboard/exrps', '/games/v2/stats/exrps']) {
    it(`${path} is kept by nobody when degraded, and by its client alone when whole`, async () => {
      const { board, stats } = system.stub;
      const cacheControl = async () =>
        (await system.portal.getAsAda(path)).headers['cache-control'];
      expect(await cacheControl()).to.equal('private, no-cache');
      system.stub.board = reset;
      system.stub.stats = reset;
      expect(await cacheControl()).to.equal('no-store');
      Object.assign(system.stub, { board, stats });
      expect(await cacheControl()).to.equal('private, no-cache');
    });
  }

  for (const path of ['/games/v1/leaderboard/exrps/', '/games/v1/stats/exrps/']) {
    it(`${path} is kept by nobody when degraded, and by its client alone when whole`, async () => {
      const whole = await system.portal.getAsAda(path);
      expect(whole.headers['cache-control']).to.equal('private, no-cache');
      system.stub.board = reset;
      system.stub.stats = reset;
      const degraded = await system.portal.getAsAda(path);
      expect(degraded.headers['cache-control']).to.equal('no-store');
    });
  }

  it('the first answer after the recovery is fresh and whole', async () => {
    const { board } = system.stub;
    system.stub.board = reset;
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
    system.stub.board = board;
    const after = await system.portal.getAsAda(PAGE);
    expect(after.body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(after.body.player_stats).to.deep.equal({ data: STATS, error: false });
  });
});
