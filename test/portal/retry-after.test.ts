import { expect } from 'chai';
import { flagged, onlyTheBoardIsFlagged, usePortal } from './use-portal.ts';
import { PAGE, until } from './portal-under-test.ts';
import { BOARD, inTurn, json, NAMED_BOARD, text, type Answer } from './stub-stats.ts';

const limited = (retryAfter: string): Answer =>
  text('slow down', 429, retryAfter === '' ? {} : { 'Retry-After': retryAfter });

describe('portal: when the stats service says to ask again later', () => {
  const system = usePortal();
  const board = async () => (await system.portal.get('/games/v2/leaderboard/exrps')).body;

  for (const [form, retryAfter] of [
    ['in seconds', () => '60'],
    ['as a date', () => new Date(Date.now() + 60_000).toUTCString()],
  ] as const) {
    it(`a 429 that says so ${form} is not followed by another request`, async () => {
      system.stub.board = limited(retryAfter());
      for (let i = 0; i < 5; i++) await onlyTheBoardIsFlagged(system, 'rate_limited');
      expect(system.stub.boardCalls()).to.equal(1);
      expect(system.stub.statsCalls()).to.equal(5);
    });
  }

  it('asks again when the time is over, and not before', async () => {
    system.stub.board = inTurn(limited('1'), json(BOARD));
    const began = performance.now();
    await until(async () => !(await board()).error);
    expect(performance.now() - began).to.be.at.least(1000);
    expect(system.stub.boardCalls()).to.equal(2);
    expect(await board()).to.deep.equal({ data: NAMED_BOARD, error: false });
  });

  it('asks again after the longest time that it is ready to wait', async () => {
    await system.restartPortal({ RETRY_AFTER_MAX: '100ms' });
    system.stub.board = inTurn(limited('999999999999'), json(BOARD));
    const began = performance.now();
    await until(async () => !(await board()).error);
    expect(performance.now() - began).to.be.at.least(100);
    expect(system.stub.boardCalls()).to.equal(2);
  });

  for (const said of [
    '',
    '0',
    '-5',
    '1.5',
    'soon',
    'Wed, 21 Oct 2015 07:28:00 GMT',
    '2099-01-01',
  ]) {
    it(`asks at the next request when that is ${said === '' ? 'not said' : `"${said}"`}`, async () => {
      system.stub.board = limited(said);
      for (let i = 0; i < 3; i++) expect(await board()).to.deep.equal(flagged([], 'rate_limited'));
      expect(system.stub.boardCalls()).to.equal(3);
    });
  }

  it('a 503 that says so gets no second attempt, and the next page asks anew', async () => {
    system.stub.board = inTurn(text('', 503, { 'Retry-After': '60' }), json(BOARD));
    await onlyTheBoardIsFlagged(system, 'bad_status');
    expect(system.stub.boardCalls()).to.equal(1);
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
  });
});
