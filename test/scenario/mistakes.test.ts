import { expect } from 'chai';
import { BROKEN_BOARD, CONTRACT, load, problemsOf, SCENARIO } from './run-files.ts';
import { CONTRACT_TEXT, files, HEAD, SYSTEM_TEXT, WHOLE, wrong } from './scenario-text.ts';

describe('a scenario file', () => {
  const mistakes: Record<string, [string, string]> = {
    'a misspelt key': ['fautls: []', 's.yaml:4:1: unknown key "fautls", did you mean "faults"?'],
    'a misspelt key of a fault': [
      'faults:\n  - { on: stats, inject: reset, triger: { first: 1 } }',
      's.yaml:5:33: unknown key "triger", did you mean "trigger"?',
    ],
    'a misspelt fault': [
      'faults:\n  - { on: stats, inject: rest }',
      's.yaml:5:26: unknown fault "rest", did you mean "reset"?',
    ],
    'a misspelt parameter': [
      'faults:\n  - { on: stats.board, inject: { status: 503, boddy: x } }',
      's.yaml:5:47: status has no parameter "boddy", did you mean "body"?',
    ],
    'a misspelt expectation': [
      'expect: { degraaded: exact }',
      's.yaml:4:11: unknown key "degraaded", did you mean "degraded"?',
    ],
    'a misspelt word': [
      'steps:\n  - send: page\n    expect: { upstream: { board: { coun: 1 } } }',
      's.yaml:6:36: unknown key "coun", did you mean "count"?',
    ],
    'a misspelt word, where a list may stand too': [
      'expect: { degraded: exakt }',
      's.yaml:4:21: expected exact, none, either or a list, got "exakt", did you mean "exact"?',
    ],
    'a wrong key, where a number may stand too': [
      'expect: { upstream: { board: { count: { mix: 1 } } } }',
      's.yaml:4:41: unknown key "mix", did you mean "min"?',
    ],
    'a misspelt step': ['steps:\n  - sen: page', 's.yaml:5:5: not a step, did you mean "send"?'],
    'a step of two kinds': [
      'steps:\n  - { send: page, wait: 1s }',
      's.yaml:5:19: a step does one thing: put "wait" into a step of its own, after a dash',
    ],
    'an unknown call': [
      'faults:\n  - { on: stats.bord, inject: reset }',
      's.yaml:5:11: unknown upstream or call "stats.bord", did you mean "stats.board"?',
    ],
    'an unknown upstream': [
      'steps:\n  - stop: stat\n  - send: page',
      's.yaml:5:11: unknown upstream "stat", did you mean "stats"?',
    ],
    'an unknown identity': [
      'steps:\n  - { get: /x, as: bob, expect: { status: 200 } }',
      's.yaml:5:20: unknown identity "bob"',
    ],
    'an unknown contract': ['steps:\n  - send: pgae', 's.yaml:5:11: unknown contract "pgae"'],
    'an unknown call that is expected broken': [
      'expect: { degraded: [bord] }',
      's.yaml:4:22: unknown call "bord", did you mean "board"?',
    ],
    'an unknown call in upstream': [
      'steps:\n  - send: page\n    expect: { upstream: { bord: { count: 1 } } }',
      's.yaml:6:27: unknown upstream or call "bord", did you mean "board"?',
    ],
    'a number without a unit': [
      'recovery: { within: 5 }',
      's.yaml:4:21: expected a duration such as 250ms or 2s, got 5 (a bare number has no unit)',
    ],
    'a wrong type': ['tags: smoke', 's.yaml:4:7: expected a list, got "smoke"'],
    'a count below one': ['steps:\n  - { send: page, repeat: 0 }', 's.yaml:5:27: '],
    'a path without a slash': [
      'steps:\n  - { get: health, expect: { status: 200 } }',
      's.yaml:5:12: expected a path such as /health',
    ],
    'refuse on one call': [
      'faults:\n  - { on: stats.board, inject: refuse }',
      's.yaml:5:32: refuse at accept acts on connections, before any path is known: use reset or close with at: request',
    ],
    'an unknown variable': [
      'matrix: { call: [board] }\nfaults:\n  - { on: "stats.${cal}", inject: reset }',
      's.yaml:6:11: unknown ${cal}, did you mean "call"?',
    ],
    'a variable named like what objects inherit': [
      'matrix: { call: [board] }\nfaults:\n  - { on: "${constructor}", inject: reset }',
      's.yaml:6:11: unknown ${constructor}',
    ],
    'expect beside steps': [
      'steps: [{ send: page }]\nexpect: { status: 200 }',
      's.yaml:5:1: with steps, say in each step what is expected',
    ],
    'a contract’s expectation of another request': [
      'steps:\n  - { get: /x, expect: { degraded: exact } }',
      's.yaml:5:36: degraded is judged against a contract: use a "send" step',
    ],
    'a baseline where there is none': [
      'steps:\n  - { get: /x, expect: { body: { /a: { matches-baseline: true } } } }',
      's.yaml:5:34: only the request of a contract has a baseline: use "send"',
    ],
    'a matcher that cannot be': [
      'expect: { body: { /a: { type: arrray } } }',
      's.yaml:4:31: unknown value "arrray", did you mean "array"?',
    ],
    'a pointer that is none': ['expect: { body: { a: 1 } }', 's.yaml:4:'],
    'a misspelt name in exclude': [
      'matrix:\n  call: [board, player]\n  exclude: [{ cal: board }]',
      's.yaml:6:15: the matrix has no "cal", did you mean "call"?',
    ],
    'an axis without values': ['matrix: { call: [] }', 's.yaml:4:11: expected at least one value'],
    'a matrix that excludes everything': [
      'matrix:\n  call: [board]\n  exclude: [{ call: board }]',
      's.yaml:4:1: the matrix has no cell',
    ],
    'a trigger on refuse': [
      'faults:\n  - { on: stats, inject: refuse, trigger: { first: 1 } }',
      's.yaml:5:',
    ],
  };
  for (const [what, [lines, problem]] of Object.entries(mistakes)) {
    it(`${what} is an error where it stands`, async () => {
      const [first = '', ...others] = await wrong(lines);
      expect(others).to.deep.equal([]);
      expect(first.slice(0, problem.length)).to.equal(problem);
    });
  }

  it('a mistake in a value of the matrix is shown in the matrix, once', async () => {
    expect(
      await wrong(`matrix:
  on: [stats.board, stats.bord]
  fault: [reset, { latency: 5 }]
  n: [1, 2]
faults:
  - { on: "\${on}", inject: "\${fault}" }`),
    ).to.deep.equal([
      's.yaml:5:21: unknown upstream or call "stats.bord", did you mean "stats.board"?',
      's.yaml:6:29: latency delay: expected a duration such as 250ms or 2s, got 5 (a bare number has no unit)',
    ]);
  });

  it('all its mistakes are told together', async () => {
    expect(await wrong('tags: 1\nfoo: 2\nrecovery: { within: x }')).to.have.length(1);
    expect(await wrong('foo: 2\nrecovery: { within: x }')).to.have.length(2);
  });

  const syntax: Record<string, [string, string]> = {
    'a bracket that is not closed': ['faults: [', 's.yaml:4:10: '],
    'a key that is there twice': [
      'tags: []\ntags: []',
      's.yaml:5:1: the key "tags" stands here twice',
    ],
    'a tab': ['faults:\n\t- x', 's.yaml:5:1: '],
    'a list for a key': ['? [a]\n: b', 's.yaml:4:3: a key must be text'],
    'an alias bomb': [
      `a: &a [${'x,'.repeat(1000)}]\nb: &b [${'*a,'.repeat(1000)}]`,
      's.yaml:5:305: with its aliases too large',
    ],
  };
  for (const [what, [lines, problem]] of Object.entries(syntax)) {
    it(`${what} is an error with its position`, async () => {
      const [first = ''] = await wrong(lines);
      expect(first.slice(0, problem.length)).to.equal(problem);
    });
  }

  it('may be JSON, and may have CRLF for line ends', async () => {
    const json = JSON.stringify({ $schema: 'x', ...SCENARIO, ...BROKEN_BOARD, id: 'json' });
    const { cells } = await load({
      'system.yaml': SYSTEM_TEXT.replaceAll('\n', '\r\n'),
      'contract.yaml': CONTRACT_TEXT.replaceAll('\n', '\r\n'),
      's.yaml': (WHOLE + 'tags: [a]\n').replaceAll('\n', '\r\n'),
      'j.json': json,
    });
    expect(cells.map(({ id, tags }) => ({ id, tags }))).to.deep.equal([
      { id: 'json', tags: [] },
      { id: 'one', tags: ['a'] },
    ]);
    const crlf = (HEAD + 'tag: [a]\n').replaceAll('\n', '\r\n');
    expect(await problemsOf(files(crlf))).to.deep.equal([
      's.yaml:4:1: unknown key "tag", did you mean "tags"?',
    ]);
  });

  it('cannot be one that injects nothing', async () => {
    const nothing =
      's.yaml:1:1: this scenario injects nothing: add faults:, or a stop or pause step';
    expect(await wrong('tags: []')).to.deep.equal([nothing]);
    expect(await wrong('steps: [{ send: page }, { wait: 1s }, { start: stats }]')).to.deep.equal([
      nothing,
    ]);
    for (const kind of ['stop', 'pause'])
      expect(await wrong(`steps: [{ ${kind}: stats }, { send: page }]`)).to.deep.equal([]);
  });

  it('cannot have an axis that stands nowhere', async () => {
    const faults = 'faults: [{ on: stats.board, inject: "${fault}" }]';
    expect(
      await wrong(`matrix:
  fault: [reset]
  foo: [1, 2]
  include: [{ fault: close, bar: 1 }]
${faults}`),
    ).to.deep.equal([
      's.yaml:6:3: no ${foo} stands anywhere',
      's.yaml:7:29: no ${bar} stands anywhere',
    ]);
    const key = 'steps: [{ "${verb}": stats }, { send: page, expect: { degraded: none } }]';
    expect(await wrong(`matrix: { verb: [stop] }\n${key}`)).to.deep.equal([]);
  });

  it('cannot break a call that its contract does not name, and expect it exactly', async () => {
    const faults = 'faults:\n  - { on: stats.other, inject: reset }';
    expect(await wrong(faults)).to.deep.equal([
      's.yaml:5:11: "other" is not named by the contract "page", so nothing would be judged of it: add it under the contract’s calls, or say degraded: none',
    ]);
    expect(await wrong(`${faults}\nsteps: [{ send: page }]`)).to.have.length(1);
    expect(await wrong(`${faults}\nexpect: { degraded: none }`)).to.deep.equal([]);
    expect(await wrong('faults: [{ on: stats, inject: reset }]')).to.deep.equal([]);
    const other = { 'contract.yaml': { ...CONTRACT, calls: {}, overall: undefined } };
    expect(
      await problemsOf(files(`${HEAD}faults: [{ on: stats, inject: reset }]`, other)),
    ).to.deep.equal([
      's.yaml:4:16: no call of "stats" is named by the contract "page", so nothing would be judged of it: add it under the contract’s calls, or say degraded: none',
    ]);
  });

  it('cannot be one where nothing would be judged', async () => {
    const bare = 'scenario: One\nid: one\nuse: [./system.yaml]\n';
    expect(await problemsOf(files(`${bare}steps: [{ get: /x }, { wait: 1s }]`))).to.deep.equal([
      's.yaml:4:1: no step says what is expected: nothing would be judged',
    ]);
    expect(await problemsOf(files(bare))).to.deep.equal([
      's.yaml:3:1: nothing to send: use a contract, or say steps',
    ]);
  });
});
