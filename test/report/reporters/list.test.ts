import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { list } from '../../../src/report/reporters/list.ts';
import { columns } from '../../../src/report/columns.ts';
import {
  cell,
  events,
  EVERYTHING,
  exchange,
  failedCell,
  failure,
  report,
  result,
} from '../recorded.ts';

describe('the list reporter', () => {
  it('tells of a green run in a line a cell and a summary', () => {
    const cells = [
      cell(),
      cell({ id: 'open-game.one-call[player-stats,hang]', durationMs: 1234, recoveryMs: 1024 }),
      cell({ id: 'open-game.one-call[player-stats,reset]', recoveryMs: 12 }),
    ];
    expect(report(list, events(result(cells)))).to.equal(
      [
        '✓ open-game.one-call[leaderboard,status:503]  45ms',
        '✓ open-game.one-call[player-stats,hang]       1.23s  recovered in 1.02s',
        '✓ open-game.one-call[player-stats,reset]      45ms',
        '',
        '3 cells  4.21s  seed 7',
        '3 passed',
        'isolation: 3 baggage',
        'passed: everything that was expected held, and every planned fault fired.',
        '',
      ].join('\n'),
    );
  });

  it('tells of a failed cell with what was expected, the calls, and how to run it again', () => {
    const id = 'open-game.one-call[leaderboard,status:503]';
    const cells = [failedCell({ reason: 'the flag was not raised' })];
    expect(report(list, events(result(cells)))).to.equal(
      [
        `✗ ${id}  45ms  failed`,
        '',
        `✗ ${id}  failed`,
        '  scenarios/portal/outage.yaml:2:1',
        '  the flag was not raised',
        '  expected leaderboard.error true, got false (scenarios/portal/outage.yaml:14:9)',
        '  the service asked',
        '    stats.leaderboard  GET /leaderboards/top_ten/exrps → 503  4ms',
        '      injected status (headers, after 3ms)',
        '  request  curl -sS http://127.0.0.1:8000/games/v2/games/exrps',
        `  again    brownout run scenarios/portal/outage.yaml --id '${id}' --seed 7`,
        '',
        '1 cell  4.21s  seed 7',
        '1 failed',
        'isolation: 1 baggage',
        'failed, exit 1: something that was expected did not hold under a fault, or did',
        'not come back after it. Run one cell alone with the line "again" above.',
        '',
      ].join('\n'),
    );
  });

  it('says each verdict with a mark and a word', () => {
    const text = report(list, events(EVERYTHING));
    expect(text).to.match(/^✗ open-game\.one-call\[leaderboard,reset\] +45ms {2}failed$/m);
    expect(text).to.match(/^\? ranking\.board\[leaderboard,truncate\] +45ms {2}inconclusive$/m);
    expect(text).to.match(/^! profile\..*\]\n {2}45ms {2}broken$/m);
    expect(text).to.contain('\n3 passed, 1 broken, 3 failed, 1 inconclusive\n');
    expect(text).to.contain('\n2 left out: they belong to another system\n');
  });

  it('tells first of what has to be mended first', () => {
    const [, trouble] = split(report(list, events(EVERYTHING)));
    expect([...trouble.matchAll(/^([!✗?]) /gm)].map(([, mark]) => mark)).to.deep.equal([
      '!',
      '✗',
      '✗',
      '?',
    ]);
  });

  it('fits 80 columns, but for ids and commands, which are whole', () => {
    const long = report(list, events(EVERYTHING))
      .split('\n')
      .filter((line) => columns(line) > 80);
    expect(
      long.filter((line) => !/^ {2}(again|request) |^! profile\.\S+\]$/.test(line)),
    ).to.deep.equal([]);
    expect(long.filter((line) => line.startsWith('! profile.'))).to.have.length(2);
  });

  it('stays readable on a terminal that says it has no columns', () => {
    const text = report(list, events(EVERYTHING), { width: 0 });
    expect(text).to.equal(report(list, events(EVERYTHING), { width: 40 }));
    expect(text).to.contain('\nbroken, exit 4: the service did not\nstart');
  });

  it('writes the same with colour and without, but for the colour', () => {
    const plain = report(list, events(EVERYTHING));
    const coloured = report(list, events(EVERYTHING), { colour: true });
    expect(stripVTControlCharacters(plain)).to.equal(plain);
    expect(coloured)
      .to.contain('\u001b[32m✓\u001b[39m open-game')
      .and.contain('\u001b[31m✗\u001b[39m');
    expect(coloured)
      .to.contain('\u001b[35m1 broken\u001b[39m')
      .and.contain('\u001b[33m1 inconclusive\u001b[39m');
    expect(stripVTControlCharacters(coloured)).to.equal(plain);
  });

  it('lets nothing that a service sent reach the terminal as a control', () => {
    const hostile = '\u001b[2J\u0007\u202e\u009b';
    const cells = [
      failedCell({
        id: `a[${hostile}]`,
        reason: hostile,
        file: hostile,
        curl: hostile,
        replay: hostile,
        failures: [failure({ at: hostile, pointer: `/${hostile}`, got: hostile })],
        exchanges: [exchange({ path: hostile, call: hostile, matched: [hostile] })],
      }),
      cell({ id: hostile, reason: hostile }),
    ];
    const text = report(list, events(result(cells, { seed: hostile })), { verbose: true });
    expect(text).not.to.match(/(?!\n)\p{Cc}|\u202e/u);
    expect(text).to.contain('\\u001b[2J');
  });

  it('tells of cells that fail alike once, and names the others', () => {
    const [, trouble] = split(report(list, events(result(sixtyAlike()))));
    expect(trouble.match(/the service asked/g)).to.have.length(1);
    expect(trouble).to.match(
      /^\n\n✗ 60 cells failed: expected leaderboard.error true, got false when leaderboard\n {2}fails\n {2}the simplest of them is open-game\.one-call\[leaderboard,status:500\]\n/,
    );
    expect(trouble).to.contain('  and 59 more like it (--verbose tells of each):\n');
    for (const { id } of sixtyAlike().slice(0, 13)) expect(trouble).to.contain(id);
    expect(trouble).to.contain('\n    and 47 more\n');
    expect(trouble.split('\n')).to.have.length.below(40);
  });

  it('says once why no service came up, and nothing of calls that could not be made', () => {
    const reason = 'the service did not start: exit 1\n\nError: no module';
    const broken = (id: string) =>
      cell({ id, verdict: 'broken', reason, exchanges: [], curl: null, replay: `again ${id}` });
    const [, trouble] = split(report(list, events(result([broken('a[1]'), broken('a[2]')]))));
    expect(trouble.slice(0, trouble.indexOf('2 cells  '))).to.equal(
      [
        '',
        '',
        '! 2 cells broken: the service did not start: exit 1',
        '  one of them is a[1]',
        '  scenarios/portal/outage.yaml:2:1',
        '',
        '  Error: no module',
        '  again    again a[1]',
        '  and 1 more like it (--verbose tells of each):',
        '    a[2]',
        '',
        '',
      ].join('\n'),
    );
  });

  it('says beside a failure what never fired and that this process stood still, and repeats none of it', () => {
    const reason =
      'leaderboard.error: expected true, got false; and never fired: hang on stats.player-stats; calls that were seen: leaderboard ×1';
    const told = (reason: string) =>
      report(
        list,
        events(
          result([failedCell({ reason, failures: [failure({ pointer: 'leaderboard.error' })] })]),
        ),
        { width: 200 },
      );
    expect(told(reason)).to.contain(
      ':2:1\n  never fired: hang on stats.player-stats; calls that were seen: leaderboard ×1\n  expected ',
    );
    const stood = 'this process stood still for 80ms, also when run alone';
    expect(told(`leaderboard.error: expected true, got false\n${stood}`)).to.contain(
      `:2:1\n  ${stood}\n  expected `,
    );
    expect(told(`${reason}\n${stood}`)).to.contain(`leaderboard ×1\n  ${stood}\n  expected `);
    expect(told('leaderboard.error: expected true, got false')).to.contain(':2:1\n  expected ');
  });

  it('tells of each of them in full when asked to', () => {
    const [, trouble] = split(report(list, events(result(sixtyAlike())), { verbose: true }));
    expect(trouble.match(/got false/g)).to.have.length(60);
    expect(trouble).not.to.contain('more like it');
  });

  it('shows the calls of what passed only when asked to', () => {
    const told = events(result([cell()]));
    expect(report(list, told)).not.to.contain('GET');
    expect(report(list, told, { verbose: true })).to.contain(
      '\n  stats.leaderboard  GET /leaderboards/top_ten/exrps → 503  4ms\n',
    );
  });

  it('says what is to be known of how a cell passed', () => {
    const told = events(result([cell({ attempts: 2, reason: 'it was run again alone' })]));
    expect(report(list, told)).to.contain('  45ms  2 attempts\n  it was run again alone\n');
  });

  it('counts the failures that are too many to be shown', () => {
    const failures = Array.from({ length: 40 }, (_, i) => failure({ pointer: `/${i}`, got: i }));
    const text = report(list, events(result([failedCell({ failures })])));
    expect(text.match(/expected \[\d+\] true/g)).to.have.length(12);
    expect(text).to.contain('\n  and 28 more that did not hold\n');
  });

  it('keeps a command that spans lines one that can be copied', () => {
    const curl = 'curl -d \'{\n  "a": 1\n}\' http://x';
    expect(report(list, events(result([failedCell({ curl })])))).to.contain(`request  ${curl}\n`);
  });
});

function sixtyAlike() {
  return Array.from({ length: 60 }, (_, i) => {
    const call = i % 2 === 0 ? 'leaderboard' : 'player-stats';
    const pointer = `/${call.replace('-', '_')}/error`;
    return failedCell({
      id: `open-game.one-call[${call},status:${500 + i}]`,
      failures: [failure({ pointer, at: `contracts/open-game.yaml:${6 + (i % 2)}:3` })],
    });
  });
}

/** The lines of the cells, and what comes after the first empty one. */
function split(text: string): [string, string] {
  const at = text.indexOf('\n\n');
  return [text.slice(0, at), text.slice(at)];
}
