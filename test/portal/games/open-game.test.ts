import { expect } from 'chai';
import { PAGE, until } from '../portal-under-test.ts';
import { ADA, hang, json, NAMED_BOARD, reset, STATS, text, type Exchange } from '../stub-stats.ts';
import { flagged, usePortal } from '../use-portal.ts';

describe('portal: opening a game', () => {
  const system = usePortal();

  it('takes one request for the game, its board and the stats of the player (row 3)', async () => {
    const { status, body } = await system.portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.game.game_id).to.equal('exrps');
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(body.player_stats).to.deep.equal({ data: STATS, error: false });
    expect(system.stub.calls.map(({ url }) => url)).to.have.members([
      '/leaderboards/top_ten/exrps',
      `/stats/exrps/${ADA}`,
    ]);
  });

  it('asks for both parts at once: neither waits for the other (row 15)', async () => {
    await system.restartPortal({ ATTEMPT_TIMEOUT: '1h', PAGE_DEADLINE: '1h' });
    const waiting: Exchange[] = [];
    system.stub.board = (exchange) => void waiting.push(exchange);
    system.stub.stats = (exchange) => void waiting.push(exchange);
    const answer = system.portal.getAsAda(PAGE);
    // Neither has had its answer yet.
    await until(() => waiting.length === 2);
    for (const exchange of waiting) {
      const isStats = exchange.request.url?.startsWith('/stats');
      json(isStats ? STATS : [])(exchange);
    }
    expect((await answer).body.degraded).to.equal(false);
  });

  it('shows a board on which nobody has scored as sound, one that is not there as flagged (row 9)', async () => {
    system.stub.board = json([]);
    system.stub.stats = json({});
    const empty = await system.portal.getAsAda(PAGE);
    expect(empty.body.leaderboard).to.deep.equal({ data: [], error: false });
    expect(empty.body.player_stats).to.deep.equal({ data: {}, error: false });
    expect(empty.body.degraded).to.equal(false);
    system.stub.board = reset;
    system.stub.stats = reset;
    const gone = await system.portal.getAsAda(PAGE);
    expect(gone.body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
    expect(gone.body.player_stats).to.deep.equal(flagged({}, 'unreachable'));
    expect(gone.body.degraded).to.equal(true);
  });

  it('shows the same in v1 by a header (row 9)', async () => {
    system.stub.board = json([]);
    const empty = await system.portal.get('/games/v1/leaderboard/exrps/');
    expect(empty.body).to.deep.equal([]);
    expect(empty.headers).to.not.have.property('degraded');
    system.stub.board = reset;
    const gone = await system.portal.get('/games/v1/leaderboard/exrps/');
    expect(gone.body).to.deep.equal([]);
    expect(gone.headers['degraded']).to.equal('leaderboard;reason=unreachable');
  });

  it('asks for no stats of a caller who is unknown, even when they could not be had (row 23)', async () => {
    system.stub.stats = hang;
    const { body } = await system.portal.get(PAGE);
    expect(body.player_stats).to.deep.equal({ data: {}, error: false, reason: 'anonymous' });
    expect(body.degraded).to.equal(false);
    const v1 = await system.portal.get('/games/v1/stats/exrps/');
    expect(v1.body).to.deep.equal({});
    expect(v1.headers).to.not.have.property('degraded');
    expect(system.stub.statsCalls()).to.equal(0);
  });

  it('says in a part of its own why data are missing and whether to ask again, and nothing else (row 115)', async () => {
    system.stub.board = text('Traceback: db password=hunter2 at 10.1.2.3', 500);
    system.stub.stats = text('Invalid product Id', 400);
    const { text: page, body, headers } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(flagged([], 'bad_status'));
    expect(body.player_stats).to.deep.equal({ ...flagged({}, 'bad_status'), retryable: false });
    expect(body.request_id).to.equal(headers['x-request-id']);
    expect(page).to.not.match(/Traceback|hunter2|10\.1\.2\.3|Invalid product|127\.0\.0\.1:\d/);
  });
});
