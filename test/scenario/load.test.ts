import { expect } from 'chai';
import { stringify } from 'yaml';
import { BROKEN_BOARD, load, problemsOf, SCENARIO, type FileSet } from './run-files.ts';
import { CONTRACT_TEXT, files, HEAD, SYSTEM_TEXT, WHOLE, wrong } from './scenario-text.ts';

/** Each value of the axis `n` is a test of its own. */
const REPEATED = 'tags: ["n${n}"]\nfaults: [{ on: stats.board, inject: reset }]\n';

describe('use', () => {
  const using = (list: string, more: FileSet = {}) =>
    problemsOf(files(`scenario: One\nid: one\nuse: ${list}\n`, more));

  it('names files that are there', async () => {
    const [first, ...others] = await using('[./system.yaml, ./contarct.yaml]');
    expect(others).to.deep.equal([]);
    expect(first).to.match(
      /^s\.yaml:3:22: no such file: \S+\/contarct\.yaml, did you mean "\.\/contract\.yaml"\?$/,
    );
  });

  it('names one system and at most one contract', async () => {
    expect(await using('[./contract.yaml]')).to.deep.equal([
      's.yaml:3:1: name one system file, such as ./system.yaml: this names none',
    ]);
    expect(await using('[./system.yaml, ./b.yaml]', { 'b.yaml': SYSTEM_TEXT })).to.deep.equal([
      's.yaml:3:1: name one system file: this names 2',
    ]);
    expect(
      await using('[./system.yaml, ./contract.yaml, ./b.yaml]', { 'b.yaml': CONTRACT_TEXT }),
    ).to.deep.equal(['s.yaml:3:1: name at most one contract file: this names 2']);
  });

  it('names nothing else', async () => {
    expect(
      await using('[./system.yaml, ./b.yaml]', { 'b.yaml': WHOLE.replace('id: one', 'id: two') }),
    ).to.deep.equal([
      's.yaml:3:22: expected a system, a contract or a fragment, this is a scenario',
    ]);
  });

  it('names no folder', async () => {
    const [first] = await using('[./system.yaml, ./x]', { 'x/a.yaml': CONTRACT_TEXT });
    expect(first).to.match(/^s\.yaml:3:22: a folder, not a file: \S+\/x$/);
  });

  it('names nothing that cannot be a file', async () => {
    const device = '/..'.repeat(20);
    for (const [name, message] of [
      ['"a\\0b"', /^s\.yaml:3:22: no file can have this name: \S+\/a\0b$/],
      ['x'.repeat(5000), /^s\.yaml:3:22: its name is too long: /],
      [`.${device}/dev/zero`, /^s\.yaml:3:22: a device or a pipe, not a file: /],
    ] as const) {
      const [first] = await using(`[./system.yaml, ${name}]`);
      expect(first).to.match(message);
    }
  });
});

describe('a folder', () => {
  it('passes over a file of another tool, but not one that may be ours', async () => {
    const others = {
      'compose.yaml': 'services: {}',
      'empty.yaml': '',
      'package.json': '{"name": "x"}',
    };
    expect(await problemsOf(files(WHOLE, others))).to.deep.equal([]);
    expect(await problemsOf({ 'a.yaml': 'id: x\nscenario: x' })).to.have.length(1);
    const [slip] = await problemsOf({ 'a.yaml': 'scenrio: x' });
    expect(slip).to.match(
      /^a\.yaml:1:1: a file is told by its first key, one of system, contract, scenario, .*; got "scenrio", did you mean "scenario"\?$/,
    );
  });

  it('passes over what is too large to be read, unless it may be ours', async () => {
    const lock = `{"name": "x", "packages": [${'1,'.repeat(1_200_000)}1]}`;
    expect(await problemsOf(files(WHOLE, { 'lock.json': lock }))).to.deep.equal([]);
    const many = `{"name": "x", "packages": [${'1,'.repeat(200_000)}1]}`;
    expect(await problemsOf(files(WHOLE, { 'many.json': many }))).to.deep.equal([]);
    const [first] = await problemsOf({ 'a.yaml': `# ours\nscenario: "${'x'.repeat(3e6)}"` });
    expect(first).to.match(/^a\.yaml:1:1: is too large: 2\.9 MB/);
  });

  it('is searched whole, but for what other tools keep there', async () => {
    const { cells } = await load(
      files(WHOLE, {
        'deep/er/s.yaml': stringify({
          ...SCENARIO,
          ...BROKEN_BOARD,
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
    expect(await problemsOf(files(WHOLE), ['nowhere'])).to.deep.equal([
      'nowhere:1:1: no such file or folder',
    ]);
    expect(await problemsOf(files(WHOLE), ['s.yaml/x'])).to.have.length(1);
  });

  it('is taken once, however often it is named', async () => {
    const { cells } = await load(files(WHOLE), ['.', 's.yaml', '.']);
    expect(cells).to.have.length(1);
  });
});

describe('ids', () => {
  it('are unique in a file', async () => {
    const [first] = await wrong(`matrix: { n: [1, "1"] }
${REPEATED}`);
    expect(first).to.match(/^s\.yaml:1:1: the id "one\[1\]" is taken by \S+s\.yaml:1$/);
  });

  it('are unique across files', async () => {
    const [first] = await problemsOf(files(WHOLE, { 't.yaml': WHOLE }));
    expect(first).to.match(/^t\.yaml:1:1: the id "one" is taken by \S+s\.yaml:1$/);
  });

  it('are the values of the matrix in its order', async () => {
    const { cells } = await load(
      files(`${HEAD}matrix:
  call: [board]
  x: [1, null, true, { status: 503, body: "[]" }, [a, { b: { c: 1 } }], "two\\nlines"]
tags: ["\${call}", "x\${x}"]
faults: [{ on: stats.board, inject: reset }]
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
expect: { degraded: none }
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
faults: [{ on: stats.board, inject: reset }]
steps:
  - { send: page, repeat: "\${n}", expect: { status: "\${code}" } }
`),
    );
    expect(cells[0]?.steps[0]?.sends).to.deep.include({
      repeat: 3,
      expect: { degraded: 'exact', status: 200 },
    });
  });
});
