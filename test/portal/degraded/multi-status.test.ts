import { expect } from 'chai';
import { asAda, PAGE } from '../portal-under-test.ts';
import { hang, NAMED_BOARD, reset, STATS, text } from '../stub-stats.ts';
import { flagged, usePortal } from '../use-portal.ts';

const PARTIAL = { prefer: 'partial=multi-status' };

describe('portal: a client that prefers to be told by the status (rows 30, 44, 135)', () => {
  const system = usePortal();

  it('gets 200 when no part failed', async () => {
    const { status, headers, body } = await system.portal.getAsAda(PAGE, PARTIAL);
    expect(status).to.equal(200);
    expect(body).to.not.have.property('meta');
    expect(body.degraded).to.equal(false);
    expect(headers['preference-applied']).to.equal('partial=multi-status');
    expect(headers['vary']).to.include('Prefer');
  });

  it('gets 207 and the cause when the board failed, with the stats as they are', async () => {
    system.stub.board = text('oops', 500);
    const { status, headers, body } = await system.portal.getAsAda(PAGE, PARTIAL);
    expect(status).to.equal(207);
    expect(body.leaderboard).to.deep.equal(flagged([], 'bad_status'));
    expect(body.player_stats).to.deep.equal({ data: STATS, error: false });
    expect(body.degraded).to.equal(true);
    expect(body.meta).to.deep.equal({
      errors: [
        {
          service: 'leaderboard',
          errorDetails:
            'The leaderboard is not available: the stats service answered with an error.',
        },
      ],
    });
    expect(headers).to.include({
      'preference-applied': 'partial=multi-status',
      'cache-control': 'no-store',
      'retry-after': '1',
    });
    expect(headers['vary']).to.include('Prefer');
  });

  it('gets 207 and the cause when the stats failed, with the board as it is', async () => {
    system.stub.stats = reset;
    const { status, body } = await system.portal.getAsAda(PAGE, PARTIAL);
    expect(status).to.equal(207);
    expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
    expect(body.player_stats).to.deep.equal(flagged({}, 'unreachable'));
    expect(body.meta.errors).to.deep.equal([
      {
        service: 'player-stats',
        errorDetails:
          "The player's stats are not available: the stats service could not be reached.",
      },
    ]);
  });

  it('gets 502 with both causes when both failed', async () => {
    await system.restartPortal({ ATTEMPT_TIMEOUT: '60ms', PAGE_DEADLINE: '400ms' });
    system.stub.board = hang;
    system.stub.stats = text('<html>');
    const { status, headers, body } = await system.portal.getAsAda(PAGE, PARTIAL);
    expect(status).to.equal(502);
    expect(body).to.include({ status: 502, code: 'all_parts_failed' });
    expect(body.errors).to.deep.equal([
      {
        pointer: '/leaderboard',
        detail: 'The leaderboard is not available: the stats service did not answer in time.',
      },
      {
        pointer: '/player-stats',
        detail: "The player's stats are not available: the stats service sent what cannot be read.",
      },
    ]);
    expect(headers).to.include({
      'preference-applied': 'partial=multi-status',
      'cache-control': 'no-store',
      'retry-after': '1',
    });
    expect(headers['vary']).to.include('Prefer');
    const lines = system.portal.log.map(({ level, degraded }) => ({ level, degraded }));
    expect(lines.at(-1)).to.deep.equal({
      level: 'warn',
      degraded: ['leaderboard', 'player-stats'],
    });
  });

  it('gets 207 when the board failed and nobody asked for stats, since the caller is unknown', async () => {
    system.stub.board = reset;
    const { status, body } = await system.portal.get(PAGE, PARTIAL);
    expect(status).to.equal(207);
    expect(body.player_stats).to.deep.equal({ data: {}, error: false, reason: 'anonymous' });
  });

  it('gets the same head for HEAD, without a body', async () => {
    system.stub.board = reset;
    const { headers: whole } = await system.portal.getAsAda(PAGE, PARTIAL);
    const authorization = await asAda();
    const head = await system.portal.send('HEAD', PAGE, {
      headers: { ...PARTIAL, ...authorization },
    });
    expect(head.status).to.equal(207);
    expect(head.text).to.equal('');
    expect(head.headers['content-length']).to.equal(whole['content-length']);
    expect(head.headers['preference-applied']).to.equal('partial=multi-status');
    system.stub.stats = reset;
    const none = await system.portal.send('HEAD', PAGE, {
      headers: { ...PARTIAL, ...authorization },
    });
    expect([none.status, none.text]).to.deep.equal([502, '']);
  });

  it('gets 404 for a game that is not there, whatever it prefers', async () => {
    expect((await system.portal.get('/games/v2/games/none', PARTIAL)).status).to.equal(404);
  });

  for (const prefer of [
    undefined,
    'partial',
    'partial=whole',
    'partial=whole, partial=multi-status',
    'foo; partial=multi-status',
    'foo="partial=multi-status"',
    'partial="multi-status',
    'multi-status',
  ]) {
    it(`gets 200 when both failed and it prefers ${prefer ?? 'nothing'}`, async () => {
      system.stub.board = reset;
      system.stub.stats = reset;
      const { status, headers, body } = await system.portal.getAsAda(
        PAGE,
        prefer === undefined ? {} : { prefer },
      );
      expect(status).to.equal(200);
      expect(body.degraded).to.equal(true);
      expect(body).to.not.have.property('meta');
      expect(headers).to.not.have.property('preference-applied');
      expect(headers['vary']).to.include('Prefer');
    });
  }

  for (const prefer of ['PARTIAL=Multi-Status', 'wait=1 , partial = "multi-status";x="a,b"']) {
    it(`gets 207 for ${prefer}`, async () => {
      system.stub.board = reset;
      expect((await system.portal.getAsAda(PAGE, { prefer })).status).to.equal(207);
    });
  }

  for (const piece of ['"\\', '; ', ',', 'a="', 'partial;']) {
    it(`gets its page however much it prefers: ${piece} a thousand times`, async () => {
      const prefer = `a=${piece.repeat(1000)}@`;
      expect((await system.portal.getAsAda(PAGE, { prefer })).status).to.equal(200);
    });
  }
});
