import { expect } from 'chai';
import { ADA, BOARD, json } from './stub-stats.ts';
import { usePortal } from './use-portal.ts';

describe('portal: ids on their way to the stats service', () => {
  const system = usePortal();

  for (const [given, sent] of [
    ['exrps%23junk', 'exrps%23junk'],
    ['exrps%3Fx=1', 'exrps%3Fx%3D1'],
    ['..%2f..', '..%2F..'],
    ['..%2Fleaderboards%2Ftop_ten', '..%2Fleaderboards%2Ftop_ten'],
    ['%252e%252e', '%252e%252e'],
    ['a%25b', 'a%25b'],
    ['a%20b;c=d&e', 'a%20b%3Bc%3Dd%26e'],
    ['...', '...'],
    ['%F0%9F%9A%80', '%F0%9F%9A%80'],
    ['%E2%82%AC', '%E2%82%AC'],
    ['a%00b%0D%0A', 'a%00b%0D%0A'],
    ['%5C..%5C', '%5C..%5C'],
  ] as const) {
    it(`V19: ${given} stays one segment of the path (row 21)`, async () => {
      system.stub.board = json(BOARD);
      const board = await system.portal.getAsAda(`/games/v2/leaderboard/${given}`);
      expect(board.status).to.equal(200);
      expect(board.body.error).to.equal(false);
      await system.portal.getAsAda(`/games/v1/stats/${given}/`);
      const urls = system.stub.calls.map(({ url }) => url);
      expect(urls).to.deep.equal([`/leaderboards/top_ten/${sent}`, `/stats/${sent}/${ADA}`]);
    });
  }

  for (const given of ['.', '..', '%2e%2e', '.%2E']) {
    it(`V19: ${given} can be no id and is answered 400 without a call (rows 21, 42)`, async () => {
      for (const path of ['/games/v2/leaderboard/', '/games/v2/stats/', '/games/v1/stats/']) {
        const { status, body } = await system.portal.getAsAda(path + given);
        expect(status).to.equal(400);
        expect(body.code).to.equal('invalid_id');
      }
      expect(system.stub.calls).to.deep.equal([]);
    });
  }

  for (const given of ['%zz', '%', '%ff', '%ED%A0%80']) {
    it(`V19: ${given} is no encoding and is answered 400 without a call (row 21)`, async () => {
      const { status, body } = await system.portal.getAsAda(`/games/v2/leaderboard/${given}`);
      expect(status).to.equal(400);
      expect(body.code).to.equal('invalid_path');
      expect(system.stub.calls).to.deep.equal([]);
    });
  }

  it('V20: an anonymous caller has no stats, which is no failure, and nobody is asked (row 23)', async () => {
    const v2 = await system.portal.get('/games/v2/stats/exrps');
    expect(v2.body).to.deep.equal({ data: {}, error: false, reason: 'anonymous' });
    const v1 = await system.portal.get('/games/v1/stats/exrps/');
    expect(v1.body).to.deep.equal({});
    expect(v1.headers).to.not.have.any.keys('degraded', 'retry-after');
    const page = await system.portal.get('/games/v2/games/exrps');
    expect(page.body.player_stats).to.deep.equal(v2.body);
    expect(page.body.degraded).to.equal(false);
    expect(system.stub.statsCalls()).to.equal(0);
  });
});
