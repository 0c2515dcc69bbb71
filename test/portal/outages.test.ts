import { expect } from 'chai';
import { flagged, onlyTheBoardIsFlagged, usePortal } from './use-portal.ts';
import { PAGE, QUICK, until } from './portal-under-test.ts';
import {
  ADA,
  BOARD,
  hang,
  inTurn,
  json,
  NAMED_BOARD,
  reset,
  startStub,
  STATS,
  text,
} from './stub-stats.ts';

const HTML = '<!doctype html><title>Error</title>';

describe('portal: when the stats service is gone, slow or failing (rows 133, 134)', () => {
  const system = usePortal();

  it('V0: a healthy stats service gives a whole page without flags (rows 1, 2, 3)', async () => {
    const { status, headers, body } = await system.portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(body.player_stats).to.deep.equal({ data: STATS, error: false });
    expect(body.degraded).to.equal(false);
    expect(body.request_id).to.equal(headers['x-request-id']);
    expect(headers).to.not.have.any.keys('retry-after', 'degraded');
    expect(system.portal.log).to.deep.equal([]);
  });

  it('V1: a refused leaderboard call is flagged unreachable in v2 and v1 (rows 4, 9)', async () => {
    await system.stub[Symbol.asyncDispose]();
    const v2 = await system.portal.getAsAda('/games/v2/leaderboard/exrps');
    expect(v2.body).to.deep.equal(flagged([], 'unreachable'));
    const v1 = await system.portal.getAsAda('/games/v1/leaderboard/exrps/');
    expect(v1.body).to.deep.equal([]);
    expect(v1.headers['degraded']).to.equal('leaderboard;reason=unreachable');
  });

  it('V2: a refused stats call is flagged unreachable in v2 and v1 (rows 5, 9)', async () => {
    await system.stub[Symbol.asyncDispose]();
    const v2 = await system.portal.getAsAda('/games/v2/stats/exrps');
    expect(v2.body).to.deep.equal(flagged({}, 'unreachable'));
    const v1 = await system.portal.getAsAda('/games/v1/stats/exrps');
    expect(v1.body).to.deep.equal({});
    expect(v1.headers['degraded']).to.equal('player-stats;reason=unreachable');
  });

  it('V3: both calls refused leave the page whole but for its two flagged parts (rows 3, 6, 8)', async () => {
    await system.stub[Symbol.asyncDispose]();
    const { status, headers, body } = await system.portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.game.game_id).to.equal('exrps');
    expect(body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
    expect(body.player_stats).to.deep.equal(flagged({}, 'unreachable'));
    expect(body.degraded).to.equal(true);
    expect(headers['cache-control']).to.equal('no-store');
    expect(headers['retry-after']).to.equal('1');
  });

  it('V4: a failing leaderboard leaves the stats as they are (rows 4, 7)', async () => {
    system.stub.board = reset;
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
    expect(body.player_stats).to.deep.equal({ data: STATS, error: false });
    expect(body.degraded).to.equal(true);
  });

  it('V5: failing stats leave the leaderboard as it is (rows 5, 7)', async () => {
    system.stub.stats = reset;
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(body.player_stats).to.deep.equal(flagged({}, 'unreachable'));
    expect(body.degraded).to.equal(true);
  });

  it('V6: a stats service that never answers is flagged timeout within the deadline (rows 8, 14)', async () => {
    await system.restartPortal(QUICK);
    system.stub.board = hang;
    system.stub.stats = hang;
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(flagged([], 'timeout'));
    expect(body.player_stats).to.deep.equal(flagged({}, 'timeout'));
    expect(system.stub.boardCalls()).to.equal(2);
  });

  it('V6: the deadline of the page ends attempts that still have time (row 14)', async () => {
    await system.restartPortal({ ATTEMPT_TIMEOUT: '1h', PAGE_DEADLINE: '80ms' });
    let gaveUp = false;
    system.stub.board = ({ socket }) => socket.once('close', () => (gaveUp = true));
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(flagged([], 'timeout'));
    expect(body.player_stats.error).to.equal(false);
    // The attempt was really given up.
    await until(() => gaveUp);
  });

  it('V6: a body that stops in the middle is flagged timeout (rows 14, 17)', async () => {
    await system.restartPortal(QUICK);
    system.stub.board = ({ response }) => {
      response.writeHead(200, { 'Content-Length': '100' });
      response.write('[{"user_id"');
    };
    await onlyTheBoardIsFlagged(system, 'timeout');
  });

  it('V7: a slow answer that comes in time is not flagged (row 14)', async () => {
    system.stub.board = ({ response }) =>
      void setTimeout(() => response.end(JSON.stringify(BOARD)), 60);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(system.stub.boardCalls()).to.equal(1);
  });

  for (const status of [500, 502, 503]) {
    it(`V8: a ${status} with HTML is flagged bad_status (rows 8, 16)`, async () => {
      system.stub.board = text(HTML, status);
      await onlyTheBoardIsFlagged(system, 'bad_status');
    });
  }

  it('V9: a 503 with a valid JSON body is flagged, not believed (row 16)', async () => {
    system.stub.board = json(BOARD, 503);
    await onlyTheBoardIsFlagged(system, 'bad_status');
  });

  it('V9: stats in a 500 are flagged, not believed (row 16)', async () => {
    system.stub.stats = json(STATS, 500);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.player_stats).to.deep.equal(flagged({}, 'bad_status'));
  });

  it('V15: a 400 for an unknown product is flagged, asked once and not worth a retry (rows 20, 28)', async () => {
    system.stub.stats = text('Invalid product Id', 400);
    system.stub.board = json([]);
    const { body, headers } = await system.portal.getAsAda('/games/v2/games/test_game');
    expect(body.player_stats).to.deep.equal({ ...flagged({}, 'bad_status'), retryable: false });
    expect(headers).to.not.have.any.keys('retry-after');
    expect(body.leaderboard).to.deep.equal({ data: [], error: false });
    expect(system.stub.statsCalls()).to.equal(1);
  });

  it('V15: a 429 is flagged rate_limited and asked once (row 28)', async () => {
    system.stub.stats = text('slow down', 429, { 'Retry-After': '30' });
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.player_stats).to.deep.equal(flagged({}, 'rate_limited'));
    expect(system.stub.statsCalls()).to.equal(1);
  });

  it('V21: the list of games, health and the token stay as they are while the service is gone (row 11)', async () => {
    const before = await system.portal.get('/games/v1/games/');
    await system.stub[Symbol.asyncDispose]();
    const { status, body } = await system.portal.get('/games/v1/games/');
    expect(status).to.equal(200);
    expect(body).to.deep.equal({ ...before.body, next: null });
    expect((await system.portal.get('/health')).body).to.deep.equal({ status: 'ok' });
    const credentials = { email: 'ada@example.test', password: 'ada-plays-fair' };
    const login = await system.portal.send('POST', '/token/', {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(credentials),
    });
    expect(login.status).to.equal(200);
  });

  it('V22: each failed call logs one line that says what, whom, where, why and how long (row 12)', async () => {
    system.stub.board = text('oops', 500);
    system.stub.stats = reset;
    const { headers } = await system.portal.getAsAda(PAGE);
    const requestId = headers['x-request-id'];
    expect(system.portal.log).to.have.length(2);
    const board = system.portal.log.find((line) => line['call'] === 'leaderboard');
    expect(board).to.include({ level: 'warn', product: 'exrps', reason: 'bad_status', requestId });
    expect(board).to.include({ attempts: 2, cause: 'answered 500' });
    expect(board?.['url']).to.equal(`${system.stub.url}/leaderboards/top_ten/exrps`);
    expect(board?.['durationMs']).to.be.a('number').that.is.at.least(0);
    const stats = system.portal.log.find((line) => line['call'] === 'player-stats');
    expect(stats).to.include({ level: 'warn', reason: 'unreachable', attempts: 2, requestId });
    expect(stats?.['cause']).to.be.a('string').that.includes('ECONNRESET');
    expect(stats?.['user']).to.match(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(system.portal.log)).to.not.include(ADA);
  });

  it('a player is named by a hash only, even if the stats service repeats the id (rows 12, 107)', async () => {
    system.stub.stats = text(`no stats of ${ADA} today`, 400);
    await system.portal.getAsAda(PAGE);
    expect(system.portal.log).to.have.length(1);
    expect(system.portal.log[0]).to.include({ said: 'no stats of [hidden] today' });
    expect(JSON.stringify(system.portal.log)).to.not.include(ADA);
  });

  it('V23: the portal recovers without a restart when the service comes back (row 13)', async () => {
    await system.stub[Symbol.asyncDispose]();
    expect((await system.portal.getAsAda(PAGE)).body.degraded).to.equal(true);
    system.stub = await startStub(Number(new URL(system.stub.url).port));
    expect((await system.portal.getAsAda(PAGE)).body.degraded).to.equal(false);
  });

  it('a failure that a second attempt mends is not flagged (row 29)', async () => {
    system.stub.board = inTurn(text('', 503), json(BOARD));
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(body.degraded).to.equal(false);
    expect(system.stub.boardCalls()).to.equal(2);
  });
});
