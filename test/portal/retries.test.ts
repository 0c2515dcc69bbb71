import { expect } from 'chai';
import { PAGE, QUICK, until } from './portal-under-test.ts';
import {
  BOARD,
  hang,
  inTurn,
  json,
  NAMED_BOARD,
  reset,
  text,
  type Exchange,
} from './stub-stats.ts';
import { flagged, usePortal } from './use-portal.ts';

describe('portal: attempts at a stats call', () => {
  const system = usePortal();

  for (const [what, env, failure] of [
    ['a 500', {}, text('', 500)],
    ['a reset', {}, reset],
    ['a timeout', { ...QUICK, PAGE_DEADLINE: '5s' }, hang],
  ] as const) {
    it(`${what} that does not come again is mended by a second attempt (row 29)`, async () => {
      await system.restartPortal(env);
      system.stub.board = inTurn(failure, json(BOARD));
      const { body } = await system.portal.getAsAda(PAGE);
      expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
      expect(body.degraded).to.equal(false);
      expect(system.stub.boardCalls()).to.equal(2);
      expect(system.portal.log).to.deep.equal([]);
    });
  }

  it('there are never more of them than configured (row 29)', async () => {
    await system.restartPortal({ ATTEMPTS: '3' });
    system.stub.board = text('', 503);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(flagged([], 'bad_status'));
    expect(system.stub.boardCalls()).to.equal(3);
    expect(system.portal.log[0]).to.include({ attempts: 3 });
  });

  it('no second one is begun after the deadline of the page (rows 14, 29)', async () => {
    await system.restartPortal({ PAGE_DEADLINE: '50ms', BACKOFF_MIN: '1h', BACKOFF_MAX: '1h' });
    system.stub.board = text('', 503);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(flagged([], 'timeout'));
    expect(system.stub.boardCalls()).to.equal(1);
  });

  it('are made for both calls at once (row 15)', async () => {
    await system.restartPortal({ ATTEMPTS: '1', ATTEMPT_TIMEOUT: '10s', PAGE_DEADLINE: '10s' });
    // Each answers only when both have arrived: one after the other they would wait for ever.
    const waiting: { exchange: Exchange; document: unknown }[] = [];
    const arrive = (document: unknown) => (exchange: Exchange) => {
      waiting.push({ exchange, document });
      if (waiting.length < 2) return;
      for (const { exchange, document } of waiting) json(document)(exchange);
    };
    system.stub.board = arrive(BOARD);
    system.stub.stats = arrive({ games: '1' });
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.degraded).to.equal(false);
    expect(body.player_stats.data).to.deep.equal({ games: '1' });
  });

  it('are refused when too many are under way, which is no failure of the service', async () => {
    const patient = { ATTEMPT_TIMEOUT: '10s', PAGE_DEADLINE: '10s' };
    await system.restartPortal({ ...patient, BULKHEAD_LIMIT: '1' });
    const held: Exchange[] = [];
    system.stub.board = (exchange) => held.push(exchange);
    const get = () => system.portal.get('/games/v2/leaderboard/exrps');
    const first = get();
    await until(() => held.length === 1);
    for (let i = 0; i < 25; i++) {
      expect((await get()).body).to.deep.equal(flagged([], 'rate_limited'));
    }
    expect(held).to.have.length(1);
    if (held[0]) json(BOARD)(held[0]);
    expect((await first).body.error).to.equal(false);
    system.stub.board = json(BOARD);
    expect((await get()).body.error).to.equal(false);
  });

  it('reuse one connection while the service is well', async () => {
    for (let i = 0; i < 20; i++) await system.portal.get('/games/v2/leaderboard/exrps');
    expect(system.stub.boardCalls()).to.equal(20);
    expect(system.stub.accepted()).to.equal(1);
  });

  it('reuse the connection after an answer that was an error', async () => {
    // The body comes in a packet of its own, after the portal has seen the status.
    system.stub.board = ({ response }) => {
      response.writeHead(404, { 'Content-Length': '5' });
      response.write('no', () => setTimeout(() => response.end('ne.'), 5));
    };
    for (let i = 0; i < 20; i++) await system.portal.get('/games/v2/leaderboard/exrps');
    expect(system.stub.boardCalls()).to.equal(20);
    expect(system.stub.accepted()).to.equal(1);
  });

  it('that were answered with an error are that error, even if its body never ends', async () => {
    await system.restartPortal({ ...QUICK, ATTEMPTS: '1' });
    system.stub.board = ({ response }) => {
      response.writeHead(503, { 'Content-Length': '100' });
      response.write('sorry');
    };
    const { body } = await system.portal.get('/games/v2/leaderboard/exrps');
    expect(body).to.deep.equal(flagged([], 'bad_status'));
  });
});
