import { expect } from 'chai';
import * as fc from 'fast-check';
import { causesOf } from '../../src/report/causes.ts';
import type { CellResult } from '../../src/scenario/result.ts';
import { cell, failedCell, failure, faulted } from './recorded.ts';

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
        silent('a[player-stats,status:503]', 'status on stats.player-stats never fired'),
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

  it('are those that have data where none was expected, whatever the data', () => {
    const kept = (id: string, expected: unknown, got: unknown) =>
      failedCell({ id, failures: [failure({ pointer: '/data', expected, got })] });
    expect(groups(kept('a[x]', [], [{ score: 3 }]), kept('a[y]', {}, { games: 1 }))).to.have.length(
      1,
    );
    for (const [expected, got] of [
      [[], null],
      [[{ score: 3 }], []],
    ]) {
      const other = kept('a[y]', expected, got);
      expect(groups(kept('a[x]', [], [{ score: 3 }]), other)).to.have.length(2);
    }
  });

  it('are those whose service said the same at its end, but for numbers', () => {
    const died = (id: string, pid: number, what: string) =>
      cell({
        id,
        verdict: 'broken',
        reason: `the service did not start: it ended with 1\npid ${pid} at 12:00:${pid}: ${what}`,
      });
    expect(groups(died('a[x]', 31, 'no module x'), died('a[y]', 47, 'no module x'))).to.have.length(
      1,
    );
    expect(groups(died('a[x]', 31, 'no module x'), died('a[y]', 31, 'no memory'))).to.have.length(
      2,
    );
  });

  it('are told apart by the calls that failed, and the one that breaks least stands for all', () => {
    const hit = (id: string, ...calls: string[]) =>
      failedCell({
        id,
        failures: [failure({ pointer: 'status', expected: 200, got: 500 })],
        exchanges: calls.map((call) => faulted({ call })),
      });
    const [both, leaderboard, stats] = [
      hit('a[both]', 'leaderboard', 'player-stats'),
      hit('a[leaderboard]', 'leaderboard'),
      hit('a[player-stats]', 'player-stats'),
    ];
    const one = [{ on: 'stats', fault: 'hang' }] as const;
    expect(groups({ ...both, faults: one }, { ...stats, faults: [...one, ...one] })).to.deep.equal([
      ['a[player-stats]', 'a[both]'],
    ]);
    expect(groups(both, stats)).to.deep.equal([['a[player-stats]', 'a[both]']]);
    expect(groups(both, stats, leaderboard)).to.deep.equal([
      ['a[player-stats]', 'a[both]'],
      ['a[leaderboard]'],
    ]);
    expect(groups(both, leaderboard, leaderboard, stats)).to.deep.equal([
      ['a[leaderboard]', 'a[both]', 'a[leaderboard]'],
      ['a[player-stats]'],
    ]);
  });

  it('are told apart by what was planned where no call shows it, and the fewest faults come first', () => {
    const planned = (id: string, ...on: string[]) =>
      failedCell({ id, exchanges: [], faults: on.map((on) => ({ on, fault: 'refuse' })) });
    expect(
      groups(
        planned('a[1]', 'stats', 'stats'),
        planned('a[2]', 'database'),
        planned('a[3]', 'stats'),
        planned('a[4]'),
      ),
    ).to.deep.equal([['a[3]', 'a[1]'], ['a[2]'], ['a[4]']]);
  });

  it('come with what has to be mended first, then with what most suffer from', () => {
    const cells = [
      cell({ id: 'i', verdict: 'inconclusive', reason: 'never fired' }),
      failedCell({ id: 'one', failures: [failure({ pointer: 'time', got: '2s' })] }),
      failedCell({ id: 'two' }),
      failedCell({ id: 'three' }),
      cell({ id: 'b', verdict: 'broken', reason: 'it did not start' }),
      cell({ id: 'p' }),
      cell({ id: 's', verdict: 'skipped', reason: 'later' }),
    ];
    expect(groups(...cells)).to.deep.equal([['b'], ['two', 'three'], ['one'], ['i']]);
  });

  it('say their cause in a sentence', () => {
    const sentence = (...cells: CellResult[]) => causesOf(cells)[0]?.sentence;
    expect(sentence(failedCell())).to.equal(
      'expected leaderboard.error true, got false when leaderboard fails',
    );
    const late = failure({ pointer: 'time', expected: 'within 1200ms', got: '2400ms' });
    expect(
      sentence(
        failedCell({
          failures: [late, failure()],
          exchanges: [faulted(), faulted({ call: 'player-stats' }), faulted({ call: null })],
        }),
      ),
    ).to.equal(
      'expected time within 1200ms, got 2400ms when leaderboard, player-stats and stats fail (and 1 more)',
    );
    const ended = 'the service died\u001b[2J: exit 1\nError: here';
    expect(sentence(failedCell({ failures: [], reason: ended }))).to.equal(
      'the service died\\u001b[2J: exit 1',
    );
    expect(sentence(failedCell({ failures: [] }))).to.equal('failed');
    const long = failure({ expected: 'x'.repeat(900), got: 'x'.repeat(800) });
    expect(sentence(failedCell({ failures: [long] }))).to.have.length.below(200);
  });

  it('are each in one group, whatever they hold', () => {
    const any = fc.record({
      made: fc.string({ unit: 'binary', maxLength: 9 }),
      verdict: fc.constantFrom('failed', 'failed', 'broken', 'inconclusive', 'passed', 'skipped'),
      reason: fc.option(fc.constantFrom('a', 'b\n1', 'b\n2')),
      pointers: fc.array(fc.constantFrom('/a', '/b', 'status', 'time'), { maxLength: 3 }),
      calls: fc.array(fc.constantFrom('one', 'two', 'three'), { maxLength: 3 }),
    });
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), (made) => {
        const cells = made.map(({ verdict, reason, pointers, calls, made }, i) =>
          cell({
            id: `${i}[${made}]`,
            verdict,
            reason,
            failures: pointers.map((pointer) => failure({ pointer })),
            exchanges: calls.map((call) => faulted({ call })),
          }),
        );
        const causes = causesOf(cells);
        const all = causes.flatMap(({ simplest, others }) => [simplest, ...others]);
        const trouble = cells.filter(({ verdict }) => !['passed', 'skipped'].includes(verdict));
        expect(all).to.have.members(trouble);
        for (const { verdict, simplest, others } of causes) {
          for (const one of [simplest, ...others]) expect(one.verdict).to.equal(verdict);
          const fewest = Math.min(...[simplest, ...others].map(callsIn));
          if (verdict === 'failed') expect(callsIn(simplest)).to.equal(fewest);
        }
      }),
    );
  });
});

function callsIn({ exchanges }: CellResult): number {
  return new Set(exchanges.map(({ call }) => call)).size;
}

function flagNotRaised(id: string, pointer: string): CellResult {
  return failedCell({ id, failures: [failure({ pointer })] });
}

function groups(...cells: CellResult[]): string[][] {
  return causesOf(cells).map(({ simplest, others }) => [simplest, ...others].map(({ id }) => id));
}
