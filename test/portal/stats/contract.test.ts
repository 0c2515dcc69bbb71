import { expect } from 'chai';
import { startMockStats } from '../../../src/mock-stats/start.ts';
import { createLog } from '../../../src/portal/log.ts';
import { createDriftWatch, driftOf } from '../../../src/portal/stats/contract.ts';
import type { CallName } from '../../../src/portal/stats/stats.ts';
import { PAGE } from '../portal-under-test.ts';
import { ADA, BOARD, json, NAMED_BOARD, STATS } from '../stub-stats.ts';
import { usePortal } from '../use-portal.ts';

/** What was recorded of the real stats service: it answers all of it as text/html. */
const RECORDED = [
  { path: '/leaderboards/top_ten/exrps', call: 'leaderboard', status: 200 },
  { path: '/leaderboards/top_ten/no_such_game', call: 'leaderboard', status: 200, body: '[]' },
  { path: `/stats/exrps/${ADA}`, call: 'player-stats', status: 200 },
  { path: '/stats/exrps/nobody', call: 'player-stats', status: 200, body: '{}' },
  { path: '/stats/exrps/None', call: 'player-stats', status: 200, body: '{}' },
  { path: '/stats/no_such_game/nobody', status: 400, body: 'Invalid product Id' },
  { path: '/no/such/route', status: 404 },
] as const satisfies readonly {
  readonly path: string;
  readonly call?: CallName;
  readonly status: number;
  readonly body?: string;
}[];

describe('portal: the recorded contract of the stats service (row 140)', () => {
  for (const recorded of RECORDED) {
    it(`holds for ${recorded.path} of the mock stats service (row 140)`, async () => {
      await using mock = await startMockStats();
      const response = await fetch(mock.url + recorded.path);
      const body = await response.text();
      expect(response.status).to.equal(recorded.status);
      expect(response.headers.get('content-type')).to.match(/^text\/html/);
      if ('body' in recorded) expect(body).to.equal(recorded.body);
      if ('call' in recorded) expect(driftOf(recorded.call, JSON.parse(body))).to.deep.equal([]);
    });
  }

  for (const [what, call, document, drift] of [
    ['what was recorded', 'leaderboard', BOARD, []],
    ['an empty board', 'leaderboard', [], []],
    ['stats of a game that keeps others', 'player-stats', { jumps: '3' }, []],
    [
      'a field that nobody knows',
      'leaderboard',
      BOARD.map((row, rank) => ({ ...row, rank })),
      [{ kind: 'unknown', at: '[].rank', message: '[].rank is not known' }],
    ],
    [
      'a field that is missing',
      'leaderboard',
      [...BOARD, { user_id: ADA }],
      [{ kind: 'missing', at: '[].score', message: '[].score is missing' }],
    ],
    [
      'a field of another type',
      'leaderboard',
      BOARD.map((row) => ({ ...row, score: '3' })),
      [{ kind: 'type', at: '[].score', message: '[].score should be a number' }],
    ],
    [
      'numbers for strings',
      'player-stats',
      { ...STATS, wins: 3 },
      [{ kind: 'type', at: '.wins', message: '.wins should be a string' }],
    ],
    [
      'an object for a board',
      'leaderboard',
      { rows: BOARD },
      [{ kind: 'type', at: 'the document', message: 'the document should be a list' }],
    ],
    [
      'a list for stats',
      'player-stats',
      [STATS],
      [{ kind: 'type', at: 'the document', message: 'the document should be an object' }],
    ],
  ] as const) {
    it(`finds in ${what} ${drift.length === 0 ? 'no drift' : `that ${drift[0]?.message}`}`, () => {
      expect(driftOf(call, document)).to.deep.equal(drift);
    });
  }

  it('is looked at once a minute, and a field is told once for good', () => {
    let clock = 0;
    const lines: string[] = [];
    const watch = createDriftWatch(
      createLog('info', { write: (line) => void lines.push(line) }),
      () => clock,
    );
    const told = () => lines.map((line) => (JSON.parse(line) as { drift: string }).drift);
    const board = (...fields: string[]) => [
      { ...BOARD[0], ...Object.fromEntries(fields.map((field) => [field, 1])) },
    ];
    watch('leaderboard', board('rank'));
    clock = 59_999;
    watch('leaderboard', board('rank', 'team'));
    expect(told()).to.deep.equal(['[].rank is not known']);
    clock = 60_000;
    watch('leaderboard', board('rank', 'team'));
    expect(told()).to.deep.equal(['[].rank is not known', '[].team is not known']);
    for (let i = 0; i < 1000; i++) {
      clock += 60_000;
      watch('leaderboard', board(`field${i}`));
    }
    expect(told()).to.have.length(100);
  });

  describe('as the portal watches it', () => {
    const system = usePortal();

    it('a field that nobody knows does no harm, and is told once (row 140)', async () => {
      system.stub.board = json(BOARD.map((row) => ({ ...row, rank: 1 })));
      for (let i = 0; i < 5; i++) {
        const { body } = await system.portal.getAsAda(PAGE);
        expect(body.leaderboard).to.deep.equal({ data: NAMED_BOARD, error: false });
      }
      expect(system.portal.log).to.have.length(1);
      expect(system.portal.log[0]).to.include({
        level: 'info',
        call: 'leaderboard',
        drift: '[].rank is not known',
        msg: 'The leaderboard document has changed',
      });
    });

    it('a missing field is told with the rows that it costs (row 140)', async () => {
      system.stub.board = json([BOARD[0], { user_id: ADA }]);
      const { body } = await system.portal.getAsAda(PAGE);
      expect(body.leaderboard.data).to.have.length(1);
      expect(system.portal.log).to.have.length(1);
      expect(system.portal.log[0]).to.include({ dropped: 1, drift: '[].score is missing' });
    });

    it('a wrong type is told with the call that it fails (row 140)', async () => {
      system.stub.stats = json({ ...STATS, wins: 3 });
      await system.portal.getAsAda(PAGE);
      expect(system.portal.log).to.have.length(1);
      expect(system.portal.log[0]).to.include({
        reason: 'invalid_response',
        cause: 'not an object of strings: .wins should be a string',
      });
    });

    it('a board of a hundred thousand bad rows is told in a few words', async () => {
      system.stub.board = json(Array.from({ length: 100_000 }, () => 7));
      const { body } = await system.portal.getAsAda(PAGE);
      expect(body.leaderboard.reason).to.equal('invalid_response');
      expect(system.portal.log).to.have.length(1);
      expect(String(system.portal.log[0]?.['cause'])).to.have.length.below(200);
    });
  });
});
