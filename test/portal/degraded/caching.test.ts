import { expect } from 'chai';
import { asAda, PAGE } from '../portal-under-test.ts';
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

  it('no error is kept by anybody', async () => {
    for (const [method, path, status] of [
      ['GET', '/games/v1/games/none', 404],
      ['GET', '/games/v2/games/none', 404],
      ['GET', '/nowhere', 404],
      ['GET', '/games/v1/games/?page=99', 404],
      ['GET', '/games/v2/leaderboard/%zz', 400],
      ['GET', '/gateway/stats/leaderboards/top_ten/exrps', 401],
      ['POST', '/games/v1/games/', 405],
    ] as const) {
      const { status: got, headers } = await system.portal.send(method, path);
      expect([path, got, headers['cache-control']]).to.deep.equal([path, status, 'no-store']);
    }
  });

  it('what was not there is there once it has been made, and gone once it has been deleted', async () => {
    const review = '/games/v1/games/exrps/reviews/1';
    const [headers, type] = [await asAda(), { 'content-type': 'application/json' }];
    const missing = await system.portal.get(review);
    expect([missing.status, missing.headers['cache-control']]).to.deep.equal([404, 'no-store']);
    const made = await system.portal.send('POST', '/games/v1/games/exrps/reviews', {
      headers: { ...headers, ...type },
      body: JSON.stringify({ rating_out_of_five: 5, text: 'Loud.' }),
    });
    expect([made.status, made.headers['location']]).to.deep.equal([201, review]);
    expect((await system.portal.get(review)).status).to.equal(200);
    expect((await system.portal.send('DELETE', review, { headers })).status).to.equal(204);
    expect((await system.portal.get(review)).status).to.equal(404);
  });
});
