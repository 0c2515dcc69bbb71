import { expect } from 'chai';
import { list } from '../../../src/report/reporters/list.ts';
import { cell, events, failedCell, report, result } from '../recorded.ts';

describe('what the list reporter says of how a run went', () => {
  it('marks what passed only at another try, and tells at the end what came of it before', () => {
    const earlier = [
      { verdict: 'failed', reason: 'status: expected 200,\ngot 500', durationMs: 3, failures: [] },
      { verdict: 'broken', reason: null, durationMs: 3, failures: [] },
    ] as const;
    const flaky = cell({ id: 'a', flaky: true, attempts: 3, earlier, replay: 'brownout run x' });
    const run = result([flaky, cell({ id: 'b' })]);
    const told = events({ ...run, counts: { ...run.counts, flaky: 1 } });
    expect(report(list, told)).to.equal(
      [
        '~ a  45ms  flaky  3 attempts',
        '✓ b  45ms',
        '',
        '~ a  flaky',
        '  try 1 failed: status: expected 200,',
        '  got 500',
        '  try 2 broken: no reason is known',
        '  again    brownout run x',
        '',
        '2 cells  4.21s  seed 7',
        '2 passed (1 flaky)',
        'isolation: 2 baggage',
        'passed: everything that was expected held, and every planned fault fired.',
        '',
      ].join('\n'),
    );
    const failed = failedCell({ attempts: 2, earlier: earlier.slice(0, 1) });
    expect(report(list, events(result([failed])))).to.contain(
      '\n  try 1 failed: status: expected 200,\n  got 500\n',
    );
  });

  it('says why a cell was skipped, and counts it apart', () => {
    const skipped = cell({ id: 'later', verdict: 'skipped', reason: 'not before issue 12' });
    const long = { ...skipped, id: 'long', reason: 'not before it is known '.repeat(5).trim() };
    const text = report(list, events(result([cell({ id: 'a' }), skipped, long])));
    expect(text).to.contain('- later  skipped: not before issue 12\n');
    expect(text).to.contain('\n- long\n  skipped: not before it is known not');
    expect(text).to.contain('\n1 passed, 2 skipped\nisolation: 1 baggage\n');
  });

  it('says how the cells were kept apart, and of each when asked to', () => {
    const cells = [
      cell({ id: 'a', isolation: 'exclusive' }),
      cell({ id: 'b' }),
      cell({ id: 'c', isolation: 'instance', recoveryMs: 3 }),
    ];
    const told = events(result(cells));
    expect(report(list, told)).to.contain('\nisolation: 1 instance, 1 baggage, 1 exclusive\n');
    expect(report(list, told)).not.to.contain('45ms  ');
    const verbose = report(list, told, { verbose: true });
    expect(verbose).to.contain('✓ a  45ms  exclusive\n');
    expect(verbose).to.contain('✓ c  45ms  recovered in 3ms  instance\n');
  });

  it('says which part of a larger run it was', () => {
    const [start, ...rest] = events(result([cell()]));
    if (start?.type !== 'run:start') throw new Error('no start');
    const plan = { ...start.plan, shard: { index: 2, total: 4 } };
    expect(report(list, [{ ...start, plan }, ...rest])).to.contain('  seed 7  shard 2 of 4\n');
  });

  it('says what is to be known of the whole run', () => {
    const warned = result([cell()], { warnings: ['cells did not share an instance'] });
    expect(report(list, events(warned))).to.contain(
      '\nisolation: 1 baggage\nwarning: cells did not share an instance\npassed: ',
    );
  });

  it('says that nothing was tested, and why', () => {
    const none = result([], { verdict: 'inconclusive', exit: 5 });
    expect(report(list, events(none))).to.equal(
      [
        '',
        '0 cells  4.21s  seed 7',
        'inconclusive, exit 5: nothing was tested: no cell was chosen. Look at the paths,',
        'and at --tag, --grep and --id.',
        '',
      ].join('\n'),
    );
    const leftOut = { ...none, counts: { ...none.counts, leftOut: 3 } };
    expect(report(list, events(leftOut))).to.contain(
      'every scenario found belongs to\nanother system.',
    );
  });

  it('counts the cells that an interrupted run did not reach', () => {
    const stopped = result([cell()], { verdict: 'interrupted', exit: 130 });
    const text = report(list, events(stopped, [cell(), cell(), cell()]));
    expect(text).to.contain(
      '\n1 passed\nisolation: 1 baggage\n2 not run\ninterrupted, exit 130: stopped',
    );
  });

  it('says once how many were not run, where a warning says why', () => {
    const bailed = result([failedCell()], { warnings: ['2 not run, for 1 did not pass (--bail)'] });
    const text = report(list, events(bailed, [cell(), cell(), cell()]));
    expect(text.match(/2 not run/g)).to.have.length(1);
  });

  it('says why a run failed whose cells all passed in the end', () => {
    const run = result([cell({ flaky: true, attempts: 2 })], { verdict: 'failed', exit: 1 });
    const text = report(list, events({ ...run, counts: { ...run.counts, flaky: 1 } }));
    expect(text).to.contain('\nfailed, exit 1: every cell passed, but not each at its first try');
  });

  it('says that a run was stopped before any cell had ended', () => {
    const stopped = result([], { verdict: 'interrupted', exit: 130 });
    expect(report(list, events(stopped))).to.contain('nothing was tested: the run was stopped');
  });

  it('can tell of a result alone', () => {
    const text = report(list, events(result([cell()])).slice(-1));
    expect(text).to.match(
      /^\n1 cell {2}4\.21s {2}seed 7\n1 passed\nisolation: 1 baggage\npassed: /,
    );
  });
});
