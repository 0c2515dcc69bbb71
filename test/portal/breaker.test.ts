import { expect } from 'chai';
import { PAGE, startPortalUnderTest, until, type Answered } from './portal-under-test.ts';
import { BOARD, inTurn, json, NAMED_BOARD, STATS, text, type Exchange } from './stub-stats.ts';
import { flagged, usePortal } from './use-portal.ts';

const LEADERBOARD = '/games/v2/leaderboard/exrps';
const OPEN = flagged([], 'circuit_open');

describe('portal: the breaker of a call', () => {
  const system = usePortal({ ATTEMPTS: '1', BREAKER_OPEN: '1h' });

  const get = () => system.portal.get(LEADERBOARD);

  async function fail(times: number): Promise<void> {
    system.stub.board = text('', 500);
    for (let i = 0; i < times; i++) {
      expect((await get()).body).to.deep.equal(flagged([], 'bad_status'));
    }
  }

  it('stays closed below its least number of attempts (row 26)', async () => {
    await fail(9);
    system.stub.board = json(BOARD);
    expect((await get()).body.error).to.equal(false);
  });

  it('opens after ten failures of ten, and then the service is not called (row 26)', async () => {
    await fail(10);
    const calls = system.stub.boardCalls();
    const { body, headers } = await get();
    expect(body).to.deep.equal(OPEN);
    expect(headers['retry-after']).to.equal('3600');
    expect(system.stub.boardCalls()).to.equal(calls);
  });

  it('counts attempts, so that five failed pages of two attempts open it (row 26)', async () => {
    await system.restartPortal({ ATTEMPTS: '2', BREAKER_OPEN: '1h', ...NO_PAUSE });
    await fail(5);
    expect(system.stub.boardCalls()).to.equal(10);
    expect((await get()).body).to.deep.equal(OPEN);
  });

  it('does not retry what opened it, and says what really happened', async () => {
    await system.restartPortal({ ATTEMPTS: '3', BREAKER_OPEN: '1h', ...NO_PAUSE });
    await fail(4);
    expect(system.stub.boardCalls()).to.equal(10);
  });

  it('stays closed while half of the attempts succeed', async () => {
    system.stub.board = ({ response }) => {
      response.statusCode = system.stub.boardCalls() % 2 ? 200 : 500;
      response.end('[]');
    };
    for (let i = 0; i < 30; i++) expect((await get()).body.reason).to.not.equal('circuit_open');
    expect(system.stub.boardCalls()).to.equal(30);
  });

  it('forgets all but the last twenty attempts (row 26)', async () => {
    system.stub.board = json(BOARD);
    for (let i = 0; i < 40; i++) await get();
    await fail(11);
    expect((await get()).body).to.deep.equal(OPEN);
  });

  for (const [what, answer] of [
    ['404s', text('', 404)],
    ['429s', text('', 429)],
    ['bodies that are no board', text('<html>')],
    ['redirects', text('', 302, { Location: '/' })],
  ] as const) {
    it(`is not opened by ${what} (row 28)`, async () => {
      system.stub.board = answer;
      for (let i = 0; i < 25; i++) expect((await get()).body.error).to.equal(true);
      expect(system.stub.boardCalls()).to.equal(25);
    });
  }

  it('of the leaderboard never flags the player stats, nor the other way round (rows 7, 26)', async () => {
    await fail(10);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal(OPEN);
    expect(body.player_stats).to.deep.equal({ data: STATS, error: false });

    await system.restartPortal({ ATTEMPTS: '1', BREAKER_OPEN: '1h' });
    system.stub.board = json(BOARD);
    system.stub.stats = text('', 500);
    for (let i = 0; i < 10; i++) await system.portal.getAsAda('/games/v2/stats/exrps');
    const page = await system.portal.getAsAda(PAGE);
    expect(page.body.player_stats).to.deep.equal(flagged({}, 'circuit_open'));
    expect(page.body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
  });

  it('of one portal is not that of another', async () => {
    await fail(10);
    const other = await startPortalUnderTest(system.stub.url);
    expect((await other.get(LEADERBOARD)).body.reason).to.equal('bad_status');
    await other[Symbol.asyncDispose]();
  });

  it('lets one probe through, answers the others at once, and closes when it succeeds (row 26)', async () => {
    await system.restartPortal(HALF_OPEN);
    const { held, pending } = await openUntilProbe();
    const calls = system.stub.boardCalls();
    const others = await Promise.all([get(), get(), get(), get(), get()]);
    expect(others.map(({ body }) => body)).to.deep.equal(Array.from({ length: 5 }, () => OPEN));
    expect(system.stub.boardCalls()).to.equal(calls);

    system.stub.board = json(BOARD);
    held[0]?.response.end(JSON.stringify(BOARD));
    const reasons = (await Promise.all(pending)).map(({ body }) => body.reason ?? 'healthy');
    expect(reasons.filter((reason) => reason === 'healthy')).to.have.length(1);
    expect(reasons.filter((reason) => reason !== 'circuit_open')).to.have.length(1);
    for (let i = 0; i < 5; i++) expect((await get()).body.error).to.equal(false);
  });

  it('opens again when the probe fails, and says of the probe what happened to it (row 26)', async () => {
    await system.restartPortal({ ...HALF_OPEN, ATTEMPTS: '2', BREAKER_OPEN: '300ms' });
    const { held, pending } = await openUntilProbe();
    held[0]?.socket.resetAndDestroy();
    const reasons = (await Promise.all(pending)).map(({ body }) => body.reason);
    expect(reasons.filter((reason) => reason === 'unreachable')).to.have.length(1);
    expect((await get()).body).to.deep.equal(OPEN);
    expect(held).to.have.length(1);
  });

  it('closed by a probe that a 404 answers has forgotten the failures before (row 26)', async () => {
    await system.restartPortal(HALF_OPEN);
    const { held, pending } = await openUntilProbe();
    if (held[0]) text('', 404)(held[0]);
    await Promise.all(pending);
    await fail(5);
    expect((await get()).body.reason).to.equal('bad_status');
  });

  /** Opens the breaker, then asks until a probe has reached the stub, which holds it. */
  async function openUntilProbe(): Promise<{ held: Exchange[]; pending: Promise<Answered>[] }> {
    const held: Exchange[] = [];
    const failing = text('', 500);
    system.stub.board = inTurn(...Array.from({ length: 10 }, () => failing), (exchange) =>
      held.push(exchange),
    );
    while (system.stub.boardCalls() < 10) await get();
    const pending: Promise<Answered>[] = [];
    await until(() => {
      if (held.length === 0) pending.push(get());
      return held.length > 0;
    });
    return { held, pending };
  }
});

const NO_PAUSE = { BACKOFF_MIN: '1ms', BACKOFF_MAX: '1ms' };
const HALF_OPEN = {
  ...NO_PAUSE,
  ATTEMPTS: '1',
  BREAKER_OPEN: '50ms',
  ATTEMPT_TIMEOUT: '10s',
  PAGE_DEADLINE: '15s',
};
