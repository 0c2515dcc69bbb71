import { expect } from 'chai';
import { PAGE, startPortalUnderTest, until } from './portal-under-test.ts';
import { ADA, BOARD, hang, json, NAMED_BOARD, raw, reset, startStub, text } from './stub-stats.ts';
import { usePortal } from './use-portal.ts';

describe('portal: its unprotected twin', () => {
  const system = usePortal({}, true);

  it('answers as the protected one while the stats service is well', async () => {
    const other = await startPortalUnderTest(system.stub.url);
    for (const path of [
      PAGE,
      '/games/v2/leaderboard/exrps',
      '/games/v2/stats/exrps',
      '/games/v1/leaderboard/exrps/',
      '/games/v1/stats/exrps/',
    ]) {
      const id = { 'x-request-id': 'same' };
      const [twin, own] = [await system.portal.getAsAda(path, id), await other.getAsAda(path, id)];
      expect(twin.status).to.equal(200);
      expect(twin.text).to.equal(own.text);
      expect(Object.keys(twin.headers)).to.deep.equal(Object.keys(own.headers));
    }
    await other[Symbol.asyncDispose]();
  });

  it('answers an anonymous caller as the protected one, though it asks for None', async () => {
    system.stub.stats = json({});
    const { body } = await system.portal.get(PAGE);
    expect(body.player_stats).to.deep.equal({ data: {}, error: false, reason: 'anonymous' });
    expect(system.stub.calls.map(({ url }) => url)).to.include('/stats/exrps/None');
  });

  for (const [what, answer] of [
    ['a reset', reset],
    ['a 500 with HTML', text('<h1>Internal Server Error</h1>', 500)],
    ['a 200 with HTML', text('<h1>hello</h1>')],
    ['an empty body', text('')],
    ['truncated JSON', text('[{"user')],
    ['a truncated body', raw('HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n[]')],
    ['bad gzip', text('nonsense', 200, { 'Content-Encoding': 'gzip' })],
    ['null', json(null)],
    ['an object for a board', json({ user_id: 'x' })],
    ['a row that is null', json([null])],
  ] as const) {
    it(`turns ${what} into a 500 for the whole page`, async () => {
      system.stub.board = answer;
      const { status, body } = await system.portal.getAsAda(PAGE);
      expect(status).to.equal(500);
      expect(body.code).to.equal('internal');
    });
  }

  it('turns a stats service that is gone into a 500', async () => {
    await system.stub[Symbol.asyncDispose]();
    expect((await system.portal.getAsAda(PAGE)).status).to.equal(500);
  });

  it('believes a 503 with JSON: the silent loss', async () => {
    system.stub.board = json([], 503);
    const { status, body, headers } = await system.portal.getAsAda(PAGE);
    expect(status).to.equal(200);
    expect(body.leaderboard).to.deep.equal({ data: [], error: false });
    expect(body.degraded).to.equal(false);
    expect(headers).to.not.have.any.keys('degraded', 'retry-after');
  });

  it('follows a redirect to another host', async () => {
    const other = await startStub();
    system.stub.board = text('', 302, { Location: `${other.url}/elsewhere` });
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.leaderboard.data).to.deep.equal(NAMED_BOARD);
    expect(other.calls.map(({ url }) => url)).to.deep.equal(['/elsewhere']);
    await other[Symbol.asyncDispose]();
  });

  it('lets an id change the address', async () => {
    await system.portal.getAsAda('/games/v2/leaderboard/exrps%23junk');
    await system.portal.getAsAda('/games/v2/stats/..%2Fleaderboards%2Ftop_ten');
    expect(system.stub.calls.map(({ url }) => url)).to.deep.equal([
      '/leaderboards/top_ten/exrps',
      `/leaderboards/top_ten/${ADA}`,
    ]);
  });

  it('asks one after the other, and only once', async () => {
    let boardAnswered = false;
    system.stub.board = ({ response }) => {
      setTimeout(() => {
        boardAnswered = true;
        response.end(JSON.stringify(BOARD));
      }, 50);
    };
    system.stub.stats = ({ response }) =>
      response.end(JSON.stringify({ first: `${boardAnswered}` }));
    const { body } = await system.portal.getAsAda(PAGE);
    expect(body.player_stats.data).to.deep.equal({ first: 'true' });
    expect(system.stub.calls).to.have.length(2);
  });

  it('waits for ever for a stats service that never answers', async () => {
    await system.restartPortal({ ATTEMPT_TIMEOUT: '20ms', PAGE_DEADLINE: '40ms' }, true);
    system.stub.board = hang;
    let answered = false;
    const page = system.portal.getAsAda(PAGE).then(
      () => (answered = true),
      () => undefined,
    );
    await until(() => system.stub.boardCalls() === 1);
    // Ten times the deadline that it ignores.
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect(answered).to.equal(false);
    await system.portal[Symbol.asyncDispose]();
    await page;
    await until(() => system.stub.connections() === 0);
  });
});
