import { expect } from 'chai';
import { junit } from '../../../src/report/reporters/junit.ts';
import type { Result } from '../../../src/scenario/result.ts';
import { cell, events, EVERYTHING, failedCell, failure, report, result } from '../recorded.ts';
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
      result([cell()], { verdict: 'passed', exit: 7 }),
    ];
    for (const run of runs) {
      const root = read(run);
      expect(all(root, 'error')).to.have.length(1);
      expect(root.attributes['errors']).to.equal('1');
      expect(root.attributes['tests']).to.equal(String(run.cells.length + 1));
    }
    expect(all(read(runs[0]!), 'error')[0]?.text).to.contain('nothing was tested');
  });

  it('says of what was skipped why, and nothing else', () => {
    const skipped = cell({ verdict: 'skipped', reason: 'not before issue 12', exchanges: [] });
    const root = read(result([skipped]));
    const [testcase] = all(root, 'testcase');
    expect(all(root, 'skipped')).to.deep.equal([
      { name: 'skipped', attributes: { message: 'not before issue 12' }, children: [], text: '' },
    ]);
    expect(root.attributes).to.include({ tests: '1', failures: '0', errors: '0', skipped: '1' });
    expect(propertiesOf(testcase)).not.to.have.property('isolation');
  });

  it('tells of earlier tries where that was chosen, as Maven does', () => {
    const earlier = [
      { verdict: 'failed', reason: 'too late', durationMs: 1, failures: [failure()] },
      { verdict: 'broken', reason: 'it did not start', durationMs: 1, failures: [] },
    ] as const;
    const run = result([
      cell({ id: 'a', flaky: true, attempts: 3, earlier }),
      failedCell({ id: 'b', attempts: 3, earlier }),
    ]);
    expect(all(read(run), 'flakyFailure')).to.have.length(0);
    expect(propertiesOf(all(read(run), 'testcase')[0])).to.include({
      flaky: 'true',
      attempts: '3',
    });
    const chosen = readXml(report(junit, events(run), { choices: ['flaky'] }));
    const names = ['flakyFailure', 'flakyError', 'rerunFailure', 'rerunError'];
    for (const name of names) expect(all(chosen, name), name).to.have.length(1);
    expect(all(chosen, 'flakyFailure')[0]?.attributes).to.deep.equal({
      type: 'failed',
      message: 'too late',
    });
    expect(all(chosen, 'stackTrace').map(({ text }) => text)).to.deep.equal([
      'expected leaderboard.error true, got false (scenarios/portal/outage.yaml:14:9)',
      'it did not start',
      'expected leaderboard.error true, got false (scenarios/portal/outage.yaml:14:9)',
      'it did not start',
    ]);
    expect(chosen.attributes).to.include({ tests: '2', failures: '1', errors: '0' });
  });

  it('never gives one name to two test cases', () => {
    const ids = ['a', 'a', 'a (2)', 'a', 'b'];
    const cases = all(read(result(ids.map((id) => cell({ id })))), 'testcase');
    expect(cases.map(({ attributes }) => attributes['name'])).to.deep.equal([
      'a',
      'a (3)',
      'a (2)',
      'a (4)',
      'b',
    ]);
  });

  it('holds what readers of the format know, and nothing else', () => {
    const earlier = [{ verdict: 'failed', reason: 'x', durationMs: 1, failures: [] }] as const;
    const run = result([
      ...EVERYTHING.cells,
      cell({ id: 'later', verdict: 'skipped', reason: 'later' }),
      cell({ id: 'again', flaky: true, attempts: 2, earlier }),
      failedCell({ id: 'in vain', attempts: 2, earlier }),
    ]);
    checkForm(readXml(report(junit, events(run), { choices: ['flaky'] })));
    checkForm(read(result([])));
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

/** By the attributes and children that each element may have. */
function checkForm(element: Read): void {
  const [attributes, children] = FORM[element.name] ?? [[], []];
  expect(Object.keys(element.attributes), element.name).to.satisfy((keys: string[]) =>
    keys.every((key) => attributes.includes(key)),
  );
  for (const child of element.children) {
    expect(children, `in ${element.name}`).to.include(child.name);
    checkForm(child);
  }
}

const COUNTS = ['name', 'tests', 'failures', 'errors', 'skipped', 'time', 'timestamp'];
const OUTCOME: [string[], string[]] = [['type', 'message'], []];
const TRY: [string[], string[]] = [
  ['type', 'message'],
  ['stackTrace', 'system-out', 'system-err'],
];
const FORM: Readonly<Record<string, [string[], string[]]>> = {
  testsuites: [COUNTS, ['testsuite']],
  testsuite: [COUNTS, ['properties', 'testcase']],
  testcase: [
    ['classname', 'name', 'file', 'line', 'time'],
    [
      'properties',
      'failure',
      'error',
      'skipped',
      'flakyFailure',
      'flakyError',
      'rerunFailure',
      'rerunError',
    ],
  ],
  properties: [[], ['property']],
  property: [['name', 'value'], []],
  failure: OUTCOME,
  error: OUTCOME,
  skipped: [['message'], []],
  flakyFailure: TRY,
  flakyError: TRY,
  rerunFailure: TRY,
  rerunError: TRY,
};
