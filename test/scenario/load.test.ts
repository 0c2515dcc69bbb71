import { expect } from 'chai';
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { CONTRACT, load, problemsOf, SCENARIO, SYSTEM, type FileSet } from './run-files.ts';

const SYSTEM_TEXT = stringify(SYSTEM);
const CONTRACT_TEXT = stringify(CONTRACT);
const HEAD = `scenario: One
id: one
use: [./system.yaml, ./contract.yaml]
`;

const files = (scenario: string, more: FileSet = {}): FileSet => ({
  'system.yaml': SYSTEM_TEXT,
  'contract.yaml': CONTRACT_TEXT,
  's.yaml': scenario,
  ...more,
});

/** What is wrong with a scenario that goes on with these lines, from line 4 on. */
const wrong = (lines: string) => problemsOf(files(HEAD + lines));

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
    'a misspelt step': ['steps:\n  - sen: page', 's.yaml:5:5: not a step, did you mean "send"?'],
    'a step of two kinds': [
      'steps:\n  - { send: page, wait: 1s }',
      's.yaml:5:19: unknown key "wait" (there is: send, repeat, expect)',
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
      's.yaml:6:27: unknown call "bord", did you mean "board"?',
    ],
    'a number without a unit': [
      'recovery: { within: 5 }',
      's.yaml:4:21: expected a duration such as 250ms or 2s, got 5 (a bare number has no unit)',
    ],
    'a wrong type': ['tags: smoke', 's.yaml:4:7: expected array, got "smoke"'],
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
      's.yaml:6:29: latency delay: expected a duration such as 250ms or 2s, got 5 (a bare number has no unit)',
      's.yaml:5:21: unknown upstream or call "stats.bord", did you mean "stats.board"?',
    ]);
  });

  it('all its mistakes are told together', async () => {
    expect(await wrong('tags: 1\nfoo: 2\nrecovery: { within: x }')).to.have.length(1);
    expect(await wrong('foo: 2\nrecovery: { within: x }')).to.have.length(2);
  });

  const syntax: Record<string, [string, string]> = {
    'a bracket that is not closed': ['faults: [', 's.yaml:4:10: '],
    'a key that is there twice': ['tags: []\ntags: []', 's.yaml:5:1: Map keys must be unique'],
    'a tab': ['faults:\n\t- x', 's.yaml:5:1: '],
    'a list for a key': ['? [a]\n: b', 's.yaml:4:3: a key must be text'],
    'an alias bomb': [
      `a: &a [x,x,x,x,x,x,x,x,x,x]
b: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]
c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]
d: [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]`,
      's.yaml:1:1: Excessive alias count',
    ],
  };
  for (const [what, [lines, problem]] of Object.entries(syntax)) {
    it(`${what} is an error with its position`, async () => {
      const [first = ''] = await wrong(lines);
      expect(first.slice(0, problem.length)).to.equal(problem);
    });
  }

  it('may be JSON, and may have CRLF for line ends', async () => {
    const json = JSON.stringify({ $schema: 'x', ...SCENARIO, id: 'json' });
    const { cells } = await load({
      'system.yaml': SYSTEM_TEXT.replaceAll('\n', '\r\n'),
      'contract.yaml': CONTRACT_TEXT.replaceAll('\n', '\r\n'),
      's.yaml': (HEAD + 'tags: [a]\n').replaceAll('\n', '\r\n'),
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

describe('use', () => {
  const using = (list: string, more: FileSet = {}) =>
    problemsOf(files(`scenario: One\nid: one\nuse: ${list}\n`, more));

  it('names files that are there', async () => {
    const [first, ...others] = await using('[./system.yaml, ./contarct.yaml]');
    expect(others).to.deep.equal([]);
    expect(first).to.match(/^s\.yaml:3:22: no such file: \S+\/contarct\.yaml$/);
  });

  it('names one system and at most one contract', async () => {
    expect(await using('[./contract.yaml]')).to.deep.equal(['s.yaml:3:1: name one system file']);
    expect(await using('[./system.yaml, ./b.yaml]', { 'b.yaml': SYSTEM_TEXT })).to.deep.equal([
      's.yaml:3:1: name one system file',
    ]);
    expect(
      await using('[./system.yaml, ./contract.yaml, ./b.yaml]', { 'b.yaml': CONTRACT_TEXT }),
    ).to.deep.equal(['s.yaml:3:1: name at most one contract file']);
  });

  it('names no folder', async () => {
    const [first] = await using('[./system.yaml, ./x]', { 'x/a.yaml': CONTRACT_TEXT });
    expect(first).to.match(/^x:1:1: cannot be read: /);
  });
});

describe('a folder', () => {
  it('with a file of another tool says how files are told apart', async () => {
    expect(
      await problemsOf(files(HEAD, { 'compose.yaml': 'services: {}', 'empty.yaml': '' })),
    ).to.deep.equal([
      'compose.yaml:1:1: a file is told by its first key, one of system, contract, scenario; got "services"',
      'empty.yaml:1:1: a file is told by its first key, one of system, contract, scenario; this one has none',
    ]);
    expect(await problemsOf({ 'a.yaml': 'scenrio: x' })).to.deep.equal([
      'a.yaml:1:1: a file is told by its first key, one of system, contract, scenario; got "scenrio", did you mean "scenario"?',
    ]);
  });

  it('is searched whole, but for what other tools keep there', async () => {
    const { cells } = await load(
      files(HEAD, {
        'deep/er/s.yaml': stringify({
          ...SCENARIO,
          id: 'deep',
          use: ['../../system.yaml', '../../contract.yaml'],
        }),
        'node_modules/x/a.yaml': 'x: 1',
        '.github/a.yml': 'on: push',
        'notes.txt': 'x',
      }),
    );
    expect(cells.map(({ id }) => id)).to.deep.equal(['deep', 'one']);
  });

  it('that is not there is an error', async () => {
    expect(await problemsOf(files(HEAD), ['nowhere'])).to.deep.equal([
      'nowhere:1:1: no such file or folder',
    ]);
    expect(await problemsOf(files(HEAD), ['s.yaml/x'])).to.have.length(1);
  });

  it('is taken once, however often it is named', async () => {
    const { cells } = await load(files(HEAD), ['.', 's.yaml', '.']);
    expect(cells).to.have.length(1);
  });
});

describe('ids', () => {
  it('are unique in a file', async () => {
    const [first] = await wrong('matrix: { n: [1, "1"] }');
    expect(first).to.match(/^s\.yaml:1:1: the id "one\[1\]" is taken by \S+s\.yaml:1$/);
  });

  it('are unique across files', async () => {
    const [first] = await problemsOf(files(HEAD, { 't.yaml': HEAD }));
    expect(first).to.match(/^t\.yaml:1:1: the id "one" is taken by \S+s\.yaml:1$/);
  });

  it('are the values of the matrix in its order', async () => {
    const { cells } = await load(
      files(`${HEAD}matrix:
  call: [board]
  x: [1, null, true, { status: 503, body: "[]" }, [a, { b: { c: 1 } }], "two\\nlines"]
`),
    );
    expect(cells.map(({ id }) => id)).to.deep.equal([
      'one[board,1]',
      'one[board,null]',
      'one[board,true]',
      'one[board,status:503;body:[]]',
      'one[board,a+b:{"c":1}]',
      'one[board,"two\\nlines"]',
    ]);
  });
});

describe('a matrix', () => {
  it('leaves out what exclude fits, by deep comparison, and appends include', async () => {
    const { cells } = await load(
      files(`${HEAD}matrix:
  call: [board, player]
  fault: [reset, { status: 503 }]
  exclude: [{ call: board, fault: { status: 503 } }, { fault: reset, call: player }]
  include: [{ call: other, fault: close }]
faults:
  - { on: "stats.\${call}", inject: "\${fault}" }
`),
    );
    expect(cells.map(({ id }) => id)).to.deep.equal([
      'one[board,reset]',
      'one[player,status:503]',
      'one[other,close]',
    ]);
    expect(cells[1]?.faults[0]?.written).to.deep.equal({
      on: 'stats.player',
      inject: { status: 503 },
    });
  });

  it('has at most 5,000 cells', async () => {
    const axis = (n: number) => `[${Array.from({ length: n }, (_, i) => i).join(',')}]`;
    expect(await wrong(`matrix:\n  a: ${axis(50)}\n  b: ${axis(101)}\n`)).to.deep.equal([
      's.yaml:4:1: 5050 cells are too many: at most 5000',
    ]);
    const many = Array.from({ length: 10 }, (_, i) => `  a${i}: ${axis(100)}\n`).join('');
    expect(await wrong(`matrix:\n${many}`)).to.have.length(1);
    const include = Array.from({ length: 5001 }, (_, i) => `{ a: ${i} }`).join(',');
    expect(await wrong(`matrix:\n  include: [${include}]\n`)).to.deep.equal([
      's.yaml:4:1: 5001 cells are too many: at most 5000',
    ]);
  });

  it('keeps the type of a variable that stands alone', async () => {
    const { cells } = await load(
      files(`${HEAD}matrix: { n: [3], code: [200] }
steps:
  - { send: page, repeat: "\${n}", expect: { status: "\${code}" } }
`),
    );
    expect(cells[0]?.steps[0]).to.deep.include({ repeat: 3, expect: { status: 200 } });
  });
});

describe('a contract file', () => {
  const contract = (changed: object) =>
    problemsOf(files(HEAD, { 'contract.yaml': { ...CONTRACT, ...changed } }));
  const { board, player } = CONTRACT.calls;

  it('names calls, identities and variables of its system', async () => {
    expect(
      await contract({
        calls: { bord: board },
        request: { get: '/page', as: 'ada' },
        never: ['${upstream.stat.url}', '${secret}'],
      }),
    ).to.deep.equal([
      'contract.yaml:17:5: unknown ${upstream.stat.url}, did you mean "upstream.stats.url"?',
      'contract.yaml:18:5: unknown ${secret} (there is: upstream.stats.url, upstream.stats.address)',
      'contract.yaml:9:3: unknown call "bord", did you mean "board"?',
      'contract.yaml:4:7: unknown identity "ada"',
    ]);
  });

  it('has no part that hides another call’s data', async () => {
    const hidden = 'would not be judged while "board" is broken';
    for (const changed of [
      { ...player, data: '/board/player' },
      { ...player, part: '/board', data: '/board' },
    ]) {
      const problems = await contract({ calls: { board, player: changed } });
      expect(
        problems.some((problem) => problem.includes(hidden)),
        problems.join(),
      ).to.equal(true);
    }
    expect(await contract({ calls: { board: { ...board, part: '' }, player } })).to.have.length(1);
    const beside = { ...player, part: '/boards', data: '/boards/data' };
    expect(await contract({ calls: { board, player: beside } })).to.deep.equal([]);
    expect(await contract({ calls: { board: { ...board, part: '' } } })).to.deep.equal([]);
  });

  it('has a mistake in each of its parts told', async () => {
    const problems = await contract({
      budget: { baseline: 300, degraded: '1s', degrade: '1s' },
      calls: { board: { ...board, flg: '/x', flag: 'x' } },
      overal: { flag: '/x' },
    });
    expect(problems.map((problem) => problem.split(': ').slice(1).join(': '))).to.have.members([
      'expected a duration such as 250ms or 2s, got 300 (a bare number has no unit)',
      'unknown key "degrade", did you mean "degraded"?',
      'unknown key "flg", did you mean "flag"?',
      'expected a JSON pointer such as /leaderboard/data',
      'unknown key "overal", did you mean "overall"?',
    ]);
  });
});

describe('a system file', () => {
  const system = (changed: object) =>
    problemsOf({ 'system.yaml': { ...SYSTEM, ...changed } }, ['system.yaml']);
  const messages = async (changed: object) =>
    (await system(changed)).map((problem) => problem.split(': ').slice(1).join(': '));

  it('is started in one way', async () => {
    const both = { start: 'builtin portal', command: ['x', '${port}'] };
    for (const service of [both, {}])
      expect((await messages({ service }))[0]).to.match(/^say either start: builtin portal, or/);
  });

  it('knows the variables of its env and its command', async () => {
    const service = { command: ['x', '${por}'], env: { A: '${upstream.stat.url}', B: '${port}' } };
    expect(await messages({ service })).to.deep.equal([
      'unknown ${upstream.stat.url}, did you mean "upstream.stats.url"?',
      'unknown ${por}, did you mean "port"?',
    ]);
  });

  it('tells its program the port', async () => {
    expect(await messages({ service: { command: ['x'] } })).to.deep.equal([
      'say in command or env where the program is told its port: "${port}"',
    ]);
    expect(await messages({ service: { command: ['x', '-p${port}'] } })).to.deep.equal([]);
    expect(await messages({ service: { command: ['x'], env: { P: '${port}' } } })).to.deep.equal(
      [],
    );
  });

  it('gives no name twice', async () => {
    const upstreams = {
      a: { target: 'http://127.0.0.1:1', calls: { x: 'GET /', b: 'GET /' } },
      b: { target: 'http://127.0.0.1:1', calls: { x: 'GET /' } },
    };
    expect(await messages({ upstreams })).to.deep.equal([
      '"b" names another upstream or call already',
      '"x" names another upstream or call already',
    ]);
  });

  it('has a mistake in each of its parts told', async () => {
    expect(
      await messages({
        service: {
          start: 'builtin portal',
          ready: { get: 'health', whithin: '1s' },
          env: { A: 1 },
        },
        upstreams: { stats: { target: 'stats', cals: {}, calls: { x: 'get /' } } },
        identities: { ada: { post: 'login', json: {}, token: 'x' } },
        isolaton: 'auto',
      }),
    ).to.have.members([
      'expected a path such as /health',
      'unknown key "whithin", did you mean "within"?',
      'expected string, got 1',
      'expected "builtin stats" or the address of the real thing, such as http://127.0.0.1:5000',
      'unknown key "cals", did you mean "calls"?',
      'expected a method and a path such as "GET /stats/:id", got "get /"',
      'expected a path such as /health',
      'expected a JSON pointer such as /leaderboard/data',
      'unknown key "isolaton", did you mean "isolation"?',
    ]);
  });
});

describe('any text', () => {
  const anyFile = async (text: string) => {
    await problemsOf(files(text));
    await problemsOf(files(HEAD, { 'contract.yaml': text }));
    await problemsOf({ 'system.yaml': text });
  };

  it('either loads or is an error of the file', () =>
    fc.assert(fc.asyncProperty(fc.string(), anyFile), { numRuns: 100 }));

  it('that is YAML either loads or is an error of the file', () =>
    fc.assert(
      fc.asyncProperty(fc.jsonValue(), (value) => anyFile(JSON.stringify(value))),
      { numRuns: 100 },
    ));

  const words = [
    'scenario',
    'id',
    'use',
    'matrix',
    'exclude',
    'include',
    'faults',
    'on',
    'inject',
    'expect',
    'steps',
    'send',
    'get',
    'wait',
    'repeat',
    'trigger',
    'match',
    'body',
    'degraded',
    'upstream',
    'contract',
    'system',
    'service',
    'calls',
    'part',
    'flag',
    'budget',
    'never',
    'upstreams',
    '__proto__',
    'constructor',
    'toString',
    '${constructor}',
    '${x}',
    'x',
    '',
  ];
  const scalar = fc.oneof(
    fc.constantFrom(...words, '1s', '/a', 'stats', 'stats.board', 'reset', 'page', './system.yaml'),
    fc.constantFrom(null, true, 0, -1, 1.5, Infinity, NaN, 1e400),
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      scalar,
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.constantFrom(...words), tie('any'), { maxKeys: 5 }),
    ),
  })).any;

  for (const [kind, base] of Object.entries({
    'system.yaml': SYSTEM,
    'contract.yaml': CONTRACT,
    's.yaml': SCENARIO,
  })) {
    it(`of our own words in ${kind} either loads or is an error of the file`, () =>
      fc.assert(
        fc.asyncProperty(fc.dictionary(fc.constantFrom(...words), value), async (changed) => {
          await problemsOf(files(HEAD, { [kind]: stringify({ ...base, ...changed }) }));
        }),
        { numRuns: 200 },
      ));
  }

  it('that is nested deeply is an error of the file', async () => {
    const deep = 20_000;
    const [first] = await wrong(`tags: ${'['.repeat(deep)}${']'.repeat(deep)}`);
    expect(first).to.match(/^s\.yaml:/);
  });
});
