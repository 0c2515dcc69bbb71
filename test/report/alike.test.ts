import { expect } from 'chai';
import * as fc from 'fast-check';
import { groupAlike } from '../../src/report/alike.ts';
import type { CellResult } from '../../src/scenario/result.ts';
import { cell, failedCell, failure } from './recorded.ts';

describe('cells that fail alike', () => {
  it('are those whose failures differ in the values they were made with only', () => {
    expect(
      groups(
        flagNotRaised('a[leaderboard,status:503]', '/leaderboard/error'),
        flagNotRaised('a[player-stats,hang]', '/player_stats/error'),
        flagNotRaised('a~player-stats=status:500', '/player_stats/error'),
      ),
    ).to.deep.equal([
      ['a[leaderboard,status:503]', 'a[player-stats,hang]', 'a~player-stats=status:500'],
    ]);
  });

  it('are those that got the status they were made with, and those that all got one', () => {
    const got = (id: string, status: number) =>
      failedCell({ id, failures: [failure({ pointer: 'status', expected: 200, got: status })] });
    expect(groups(got('a[status:500]', 500), got('a[status:503]', 503))).to.have.length(1);
    expect(groups(got('a[status:502]', 502), got('a[reset]', 502))).to.have.length(1);
    expect(groups(got('a[hang]', 500), got('a[reset]', 504))).to.have.length(2);
  });

  it('are those that came too late, however late', () => {
    const late = (id: string, got: string) =>
      failedCell({ id, failures: [failure({ pointer: 'time', expected: '1200ms', got })] });
    expect(groups(late('a[1]', '1201ms'), late('a[2]', '2.4s'))).to.have.length(1);
  });

  it('are those whose texts differ in a measured time only', () => {
    const late = (id: string, reason: string) => failedCell({ id, reason, failures: [] });
    const [one, other] = ['not recovered after 5021ms', 'not recovered after 5.3s'] as const;
    expect(groups(late('a[x]', one), late('a[y]', other))).to.have.length(1);
  });

  it('are those whose reasons are, where nothing was judged', () => {
    const silent = (id: string, reason: string) => cell({ id, verdict: 'inconclusive', reason });
    expect(
      groups(
        silent('a[leaderboard,truncate]', 'truncate on stats.leaderboard never fired'),
        silent('a[player-stats,status:503]', 'status:503 on stats.player-stats never fired'),
        silent('a[player-stats,hang]', 'the journal overflowed'),
      ),
    ).to.deep.equal([
      ['a[leaderboard,truncate]', 'a[player-stats,status:503]'],
      ['a[player-stats,hang]'],
    ]);
  });

  it('are not those of another verdict, value or number of causes', () => {
    const one = flagNotRaised('a[x]', '/x/error');
    expect(groups(one, { ...one, id: 'b[x]', verdict: 'broken' })).to.have.length(2);
    expect(
      groups(
        one,
        failedCell({ id: 'b[x]', failures: [failure({ pointer: '/x/error', got: null })] }),
      ),
    ).to.have.length(2);
    expect(
      groups(
        one,
        failedCell({ id: 'b[x]', failures: [...one.failures, failure({ pointer: 'status' })] }),
      ),
    ).to.have.length(2);
  });

  it('take a value for a whole word only', () => {
    expect(
      groups(flagNotRaised('a[er]', '/other/error'), flagNotRaised('a[oth]', '/er/oth')),
    ).to.have.length(2);
  });

  it('are each in one group, in their order, whatever their ids hold', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary' }), { maxLength: 8 }), (ids) => {
        const cells = ids.map((id, i) =>
          failedCell({ id: `${i}[${id}]`, reason: id, failures: [] }),
        );
        const grouped = groups(...cells);
        expect(grouped.flat().sort()).to.deep.equal(cells.map(({ id }) => id).sort());
        const firsts = grouped.map(([first = '']) => Number.parseInt(first, 10));
        expect(firsts).to.deep.equal(firsts.toSorted((one, other) => one - other));
      }),
    );
  });
});

function flagNotRaised(id: string, pointer: string): CellResult {
  return failedCell({ id, failures: [failure({ pointer })] });
}

function groups(...cells: CellResult[]): string[][] {
  return groupAlike(cells).map(({ first, others }) => [first, ...others].map(({ id }) => id));
}
