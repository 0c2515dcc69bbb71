import { expect } from 'chai';
import { createErrorKinds, nameOf } from '../../../src/portal/monitoring/error-kind.ts';
import type { AnswerReport } from '../../../src/portal/observer.ts';

describe('portal: kinds of errors', () => {
  const answer = (status: number, code?: string): AnswerReport => ({
    method: 'GET',
    route: '/games/v1/games/:pk',
    status,
    code,
    gone: false,
    durationMs: 1,
    requestId: 'r1',
    degraded: [],
  });

  it('are one object each, so that they can be counted by', () => {
    const kinds = createErrorKinds();
    const kind = kinds.ofAnswer(answer(404, 'not_found'));
    expect(kinds.ofAnswer(answer(404, 'not_found'))).to.equal(kind);
    expect(kinds.ofAnswer(answer(404, 'no_game'))).to.not.equal(kind);
    expect(kinds.ofCall('stats', 'leaderboard', 'timeout')).to.equal(
      kinds.ofCall('stats', 'leaderboard', 'timeout'),
    );
    expect(nameOf(kind)).to.equal('GET /games/v1/games/:pk 404 not_found');
    expect(nameOf(kinds.ofAnswer(answer(500)))).to.equal('GET /games/v1/games/:pk 500');
  });

  it('are so many and no more: what is beyond is counted together, and still by whose fault it is', () => {
    const kinds = createErrorKinds(2);
    const first = kinds.ofAnswer(answer(404, 'a'));
    kinds.ofAnswer(answer(404, 'b'));
    expect(kinds.ofAnswer(answer(404, 'c'))).to.equal(kinds.ofAnswer(answer(409, 'd')));
    expect(kinds.ofAnswer(answer(404, 'c'))).to.include({ endpoint: 'other', status: 400 });
    expect(kinds.ofAnswer(answer(502, 'c'))).to.include({ endpoint: 'other', status: 500 });
    expect(kinds.ofCall('stats', 'leaderboard', 'timeout')).to.include({ service: 'other' });
    expect(kinds.ofAnswer(answer(404, 'a'))).to.equal(first);
  });

  it('are 256 unless told otherwise', () => {
    const kinds = createErrorKinds();
    const made = Array.from({ length: 300 }, (_, i) => kinds.ofAnswer(answer(404, `code-${i}`)));
    expect(new Set(made).size).to.equal(257);
  });
});
