import { expect } from 'chai';
import { junit } from '../../../src/report/reporters/junit.ts';
import type { Result } from '../../../src/scenario/result.ts';
import { cell, events, EVERYTHING, failedCell, report, result } from '../recorded.ts';
import { all, readXml, type Read } from '../xml-reader.ts';

describe('the junit reporter', () => {
  it('writes a suite a file with counts that are right', () => {
    const root = read(EVERYTHING);
    expect(root.name).to.equal('testsuites');
    expect(root.attributes).to.deep.equal({
      name: 'brownout',
      tests: '8',
      failures: '3',
      errors: '2',
      skipped: '0',
      time: '4.213',
    });
    expect(
      root.children.map(({ attributes: { name, tests, failures, errors } }) => [
        name,
        tests,
        failures,
        errors,
      ]),
    ).to.deep.equal([
      ['scenarios/portal/outage.yaml', '7', '3', '1'],
      ['scenarios/portal/pröfile & "more".yaml', '1', '0', '1'],
    ]);
    for (const suite of root.children) {
      const { tests, failures, errors, timestamp } = suite.attributes;
      expect(all(suite, 'testcase')).to.have.length(Number(tests));
      expect(all(suite, 'failure')).to.have.length(Number(failures));
      expect(all(suite, 'error')).to.have.length(Number(errors));
      expect(timestamp).to.equal('2025-03-04T05:06:07.000Z');
      expect(propertiesOf(suite)).to.deep.equal({ seed: '7' });
    }
  });

  it('says of a cell where it stands, how long it took, and how to run it again', () => {
    const passed = cell({ recoveryMs: 1024.5, attempts: 2, tags: ['smoke', 'slow'] });
    const [testcase] = all(read(result([passed])), 'testcase');
    expect(testcase?.attributes).to.deep.equal({
      classname: 'scenarios/portal/outage.yaml',
      name: 'open-game.one-call[leaderboard,status:503]',
      file: 'scenarios/portal/outage.yaml',
      line: '2',
      time: '0.045',
    });
    expect(propertiesOf(testcase)).to.deep.equal({
      scenario: 'open-game.one-call',
      tags: 'smoke slow',
      isolation: 'baggage',
      replay: passed.replay,
      attempts: '2',
      recoveryMs: '1024.5',
    });
    expect(testcase?.children).to.have.length(1);
  });

  it('tells what did not hold, and keeps what could not be judged apart', () => {
    const root = read(EVERYTHING);
    const [failure] = all(root, 'failure');
    expect(failure?.attributes).to.deep.equal({
      type: 'failed',
      message: 'the leaderboard was broken and its flag was not raised',
    });
    expect(failure?.text)
      .to.contain(
        'expected leaderboard.error true, got false (scenarios/portal/outage.yaml:14:9)\n',
      )
      .and.contain('\\u0000\\u001b[31m\\ud800 ]]> <b> 😀')
      .and.contain('again    brownout run scenarios/portal/outage.yaml --id ');
    expect(all(root, 'error').map(({ attributes }) => attributes['type'])).to.deep.equal([
      'inconclusive',
      'broken',
    ]);
  });

  it('shows the first failure where no reason was given', () => {
    const [failure] = all(read(result([failedCell()])), 'failure');
    expect(failure?.attributes['message']).to.equal(
      'expected leaderboard.error true, got false (scenarios/portal/outage.yaml:14:9)',
    );
  });

  it('shows the verdict where nothing else is known', () => {
    const bare = cell({ verdict: 'failed', tags: [] });
    const root = read(result([bare]));
    expect(all(root, 'failure')[0]?.attributes['message']).to.equal('failed');
    expect(propertiesOf(all(root, 'testcase')[0])).not.to.have.property('tags');
  });

  it('is red where a run is, although no cell is', () => {
    const runs: Result[] = [
      result([], { verdict: 'inconclusive', exit: 5 }),
      result([]),
      result([cell()], { verdict: 'interrupted', exit: 130 }),
    ];
    for (const run of runs) {
      const root = read(run);
      expect(all(root, 'error')).to.have.length(1);
      expect(root.attributes['errors']).to.equal('1');
      expect(root.attributes['tests']).to.equal(String(run.cells.length + 1));
    }
    expect(all(read(runs[0]!), 'error')[0]?.text).to.contain('nothing was tested');
  });

  it('writes nothing of a run that fell over', () => {
    expect(report(junit, events(EVERYTHING).slice(0, -1))).to.equal('');
  });
});

function read(run: Result): Read {
  return readXml(report(junit, events(run)));
}

/** The properties of an element itself, not of those in it. */
function propertiesOf(element: Read | undefined): Record<string, string | undefined> {
  const own = element?.children.find(({ name }) => name === 'properties');
  return Object.fromEntries(
    (own?.children ?? []).map(({ attributes }) => [attributes['name'], attributes['value']]),
  );
}
