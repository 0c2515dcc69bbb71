import { expect } from 'chai';
import { exchangeLines } from '../../src/report/exchange-lines.ts';
import { createPaint } from '../../src/report/paint.ts';
import type { CellResult } from '../../src/scenario/result.ts';
import { exchange, faulted } from './recorded.ts';

describe('the lines of the upstream calls', () => {
  it('say what was asked, how it ended, how long it took and what was injected', () => {
    const { injected } = faulted();
    expect(
      lines(
        faulted({ path: '/t' }),
        exchange({ call: 'player-stats', path: '/ada', injected: [], matched: ['slow'] }),
        exchange({
          path: '/t',
          status: 200,
          end: 'closed',
          injected: [...injected, ...injected],
        }),
      ),
    ).to.deep.equal([
      'stats.leaderboard   GET /t → 503  4ms  injected status (headers, after 3ms)',
      'stats.player-stats  GET /ada → 200  8ms  matched slow, nothing injected',
      'stats.leaderboard   GET /t → 200, closed  8ms',
      '  injected status (headers, after 3ms), status (headers, after 3ms)',
    ]);
  });

  const ends = [
    ['reset', 'reset'],
    ['closed', 'closed'],
    ['client-gone', 'the service gave up'],
    ['upstream-failed', 'the upstream failed'],
    ['pending', 'no end yet'],
    ['answered', 'answered'],
  ] as const;
  for (const [end, words] of ends) {
    it(`say of ${end}: ${words}`, () => {
      expect(lines(exchange({ path: '/', status: null, end, durationMs: null }))).to.deep.equal([
        `stats.leaderboard  GET / → ${words}`,
      ]);
    });
  }

  it('say why the upstream failed, where its connection told', () => {
    const failed = exchange({ path: '/', status: null, end: 'upstream-failed', durationMs: null });
    expect(lines({ ...failed, failure: 'CERT_HAS_EXPIRED' })).to.deep.equal([
      'stats.leaderboard  GET / → the upstream failed (CERT_HAS_EXPIRED)',
    ]);
  });

  it('tell of a connection on which nothing was asked', () => {
    const silent = exchange({ call: null, method: null, path: null, status: null, end: 'reset' });
    expect(lines(silent)).to.deep.equal(['stats  a connection → reset  8ms']);
    expect(lines({ ...silent, method: 'GET' })).to.deep.equal(['stats  GET → reset  8ms']);
  });

  it('keep both ends of a long path', () => {
    const [line = ''] = lines(exchange({ path: `/stats/${'a'.repeat(200)}/ada?game=exrps` }));
    expect(line).to.match(
      /^stats\.leaderboard {2}GET \/stats\/a+…a+\/ada\?game=exrps → 200 {2}8ms$/,
    );
    expect(line.length).to.be.within(74, 76);
  });

  it('count those that are too many to be shown', () => {
    const shown = lines(...Array.from({ length: 200 }, () => exchange()));
    expect(shown).to.have.length(13);
    expect(shown.at(-1)).to.equal('and 188 more');
  });
});

function lines(...exchanges: CellResult['exchanges'][number][]): string[] {
  return exchangeLines(exchanges, 76, createPaint(false));
}
