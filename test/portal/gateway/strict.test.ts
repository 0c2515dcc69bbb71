import { expect } from 'chai';
import { ADA, BOARD, GRACE, hang, json, reset, STATS, text } from '../stub-stats.ts';
import { asAda, PAGE } from '../portal-under-test.ts';
import { flagged } from '../use-portal.ts';
import { expectError, GATEWAY_BOARD, GATEWAY_STATS, useGateway } from './use-gateway.ts';

describe('portal: the gateway to the stats service, through the real handler of errors (row 134)', () => {
  const { system, ask, openBreaker } = useGateway();

  it('passes on what the service says, to players who are signed in', async () => {
    const board = await system.portal.getAsAda(GATEWAY_BOARD);
    expect([board.status, board.body]).to.deep.equal([200, BOARD]);
    expect(board.headers['cache-control']).to.equal('private, no-cache');
    const stats = await system.portal.getAsAda(GATEWAY_STATS);
    expect([stats.status, stats.body]).to.deep.equal([200, STATS]);
    expect(system.stub.calls.map(({ url }) => url)).to.deep.equal([
      '/leaderboards/top_ten/exrps',
      `/stats/exrps/${ADA}`,
    ]);
  });

  it('is not for callers who are unknown, and shows nobody the stats of another', async () => {
    for (const path of [GATEWAY_BOARD, GATEWAY_STATS]) {
      const { status, headers } = await system.portal.get(path);
      expect(status).to.equal(401);
      expect(headers['www-authenticate']).to.include('Bearer');
    }
    const other = await system.portal.getAsAda(`/gateway/stats/stats/exrps/${GRACE}`);
    expectError(other, 403, "You may see nobody's stats but your own.");
    // The access is looked at before the parameters.
    const odd = await system.portal.getAsAda(`/gateway/stats/stats/%zz/${GRACE}`);
    expect(odd.status).to.equal(403);
    const ownOdd = await system.portal.getAsAda(`/gateway/stats/stats/%zz/${ADA}`);
    expect(ownOdd.status).to.equal(400);
    expect(system.stub.calls).to.deep.equal([]);
  });

  it('passes an id on as one segment, and asks nobody about one that cannot be', async () => {
    await system.portal.getAsAda('/gateway/stats/leaderboards/top_ten/a%2f..%2fb%3fc%23');
    expect(system.stub.calls[0]?.url).to.equal('/leaderboards/top_ten/a%2F..%2Fb%3Fc%23');
    const { status, body } = await system.portal.getAsAda(
      '/gateway/stats/leaderboards/top_ten/%2e',
    );
    expect([status, body.code]).to.deep.equal([400, 'invalid_id']);
    expect(system.stub.calls).to.have.length(1);
  });

  it('knows no other paths of the service', async () => {
    for (const path of ['/gateway/stats/metrics', '/gateway/stats/', '/gateway/other/a']) {
      expect((await system.portal.getAsAda(path)).status).to.equal(404);
    }
    expect(system.stub.calls).to.deep.equal([]);
  });

  it('a connection that is reset is a 503 that says when to ask again (rows 33, 95)', async () => {
    const answer = await ask(reset);
    expectError(answer, 503, 'The stats service cannot be reached now.');
    expect(answer.headers['retry-after']).to.equal('1');
  });

  it('a service that is gone is a 503 (row 95)', async () => {
    await system.stub[Symbol.asyncDispose]();
    expectError(await ask(reset), 503, 'The stats service cannot be reached now.');
  });

  it('a service that never answers is a 504 (row 95)', async () => {
    await system.restartPortal({ ATTEMPT_TIMEOUT: '60ms', PAGE_DEADLINE: '400ms' });
    expectError(await ask(hang), 504, 'The stats service did not answer in time.');
  });

  for (const [what, answer] of [
    ['a page', text('<html>')],
    ['truncated JSON', text('[{"user_id"')],
    ['an object for a board', json({})],
    ['null', json(null)],
    ['a board with one row that is none', json([...BOARD, 1])],
    ['nothing', text('')],
    ['a part', json(BOARD, 206)],
    ['a redirect', text('', 302, { Location: 'http://127.0.0.1:1/' })],
    ['a 300', json(BOARD, 300)],
    ['a 500 with a page', text('<h1>Internal Server Error</h1>', 500)],
    ['a 503 with a board', json(BOARD, 503)],
    ['a 502', text('', 502)],
    ['a 599', text('', 599)],
    ['a 500 with a message', json({ status: { message: 'at db.js:3' } }, 500)],
  ] as const) {
    it(`${what} is a 502 that tells nothing of it (rows 95, 98, 104)`, async () => {
      expectError(await ask(answer), 502, 'The stats service gave no usable answer.');
    });
  }

  it('a 504 of the service is a 504 here (rows 95, 97)', async () => {
    const answer = await ask(text('', 504));
    expectError(answer, 504, 'The stats service waited in vain for another one.');
  });

  it('a strange success is read like any other (row 104)', async () => {
    const { status, body } = await ask(json(BOARD, 299));
    expect([status, body]).to.deep.equal([200, BOARD]);
  });

  it('an open breaker is a 503 that says since when, and nothing is sent (rows 33, 96)', async () => {
    const before = Date.now();
    await openBreaker();
    const sent = system.stub.boardCalls();
    const { status, body, headers } = await ask(json(BOARD));
    expect(status).to.equal(503);
    const [, since = ''] = /^The stats service has been out since (.+)\.$/.exec(body.detail) ?? [];
    expect(new Date(since).toISOString()).to.equal(since);
    // The clock of the portal is not the system's: they may be some milliseconds apart.
    expect(Date.parse(since)).to.be.within(before - 1000, Date.now() + 1000);
    expect(headers['retry-after']).to.equal('1');
    expect(system.stub.boardCalls()).to.equal(sent);
  });

  it('its breakers are its own: the page goes on as it was', async () => {
    await openBreaker();
    expect((await ask(json(BOARD))).status).to.equal(503);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.degraded).to.equal(false);
  });

  it('what the page shows as degraded is an error here (row 95)', async () => {
    expect((await ask(reset)).status).to.equal(503);
    const { status, body } = await system.portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.leaderboard).to.deep.equal(flagged([], 'unreachable'));
  });

  it('answers HEAD like GET, without a body', async () => {
    system.stub.board = text('', 500);
    const headers = await asAda();
    const head = await system.portal.send('HEAD', GATEWAY_BOARD, { headers });
    expect([head.status, head.text]).to.deep.equal([502, '']);
  });

  it('a failure is a warning of the call and of the request, and names the player by a hash only', async () => {
    system.stub.stats = text('', 500);
    await system.portal.getAsAda(GATEWAY_STATS);
    await ask(reset);
    const lines = system.portal.log.filter(({ level }) => level !== 'debug');
    expect(lines.map(({ level }) => level)).to.deep.equal(['warn', 'warn', 'warn', 'warn']);
    expect(lines[0]).to.include({ call: 'gateway-player-stats', reason: 'bad_status' });
    expect(lines[0]).to.include({ product: 'exrps' });
    expect(lines[0]?.['user']).to.match(/^[0-9a-f]{12}$/);
    expect(JSON.stringify(lines)).to.not.include(ADA);
  });

  it('a connection that fails is told without the address, which names the player', async () => {
    system.stub.stats = reset;
    expect((await system.portal.getAsAda(GATEWAY_STATS)).status).to.equal(503);
    const lines = system.portal.log.filter(({ level }) => level === 'warn');
    expect(lines).to.have.length(2);
    expect(JSON.stringify(lines)).to.include('ECONNRESET').and.not.include(ADA);
  });

  it('what the service says of when to ask again is passed on with other failures, too (row 33)', async () => {
    for (const [status, shown] of [
      [503, 502],
      [504, 504],
      [409, 409],
    ] as const) {
      const answer = await ask(text('', status, { 'Retry-After': '5' }));
      expect([answer.status, answer.headers['retry-after']]).to.deep.equal([shown, '5']);
    }
  });
});
