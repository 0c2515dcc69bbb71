import { expect } from 'chai';
import { utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { FileError } from '../../src/common/errors.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { loadScript } from '../../src/scenario/judge/script.ts';
import { gotOf, passes } from './judged.ts';
import { BROKEN_BOARD, inFolder, problemsOf, run, type FileSet } from './run-files.ts';
import { files, HEAD, wrong } from './scenario-text.ts';

const CHECK = `
import assert from 'node:assert';
export default ({ answer, baseline, exchanges, log }) => {
  assert.equal(answer.status, 200);
  assert.deepEqual(answer.json, JSON.parse(answer.body));
  assert.ok(answer.headers.date && answer.durationMs > 0);
  assert.equal(baseline.json.board.data.length, 2);
  assert.deepEqual(exchanges.map(({ call }) => call).sort(), ['board', 'player']);
  assert.ok(Array.isArray(log));
  answer.json = 'its own copy';
};
export const text = () => 'the board is sad';
export const finding = async () => ({ pointer: '/board', expected: 1, got: 2 });
export const several = () => ['one', undefined, [{ expected: 'two', got: undefined }]];
export function asserts({ answer }) { assert(answer.status === 201, 'created, not ' + answer.status); }
export function falls({ answer }) {
  return answer.no.thing;
}
export const word = 'no function';
`;
const judged = (script: string) => ({
  files: { 'checks/check.mjs': CHECK, 'check.cjs': 'module.exports = () => undefined;' },
  scenario: { ...BROKEN_BOARD, expect: { script } },
});
const told = (what: string, got: string) => [
  { pointer: 'script', expected: `${what} to hold`, got },
];

describe('the expectation script', () => {
  it('holds where the function returns nothing, and gives it all there is to judge by', async () => {
    await passes(judged('./checks/check.mjs'));
    await passes(judged('./check.cjs'));
  });

  it('tells what the function returns: a text, a finding, or a list', async () => {
    const got = async (name: string) => {
      const { cell } = await run(judged(`./checks/check.mjs#${name}`));
      expect(cell.verdict).to.equal('failed');
      return gotOf(cell).map(({ expected, ...rest }) => ({
        ...rest,
        expected: typeof expected === 'string' ? expected.replace(/.*checks\//, '') : expected,
      }));
    };
    expect(await got('text')).to.deep.equal(told('check.mjs#text', 'the board is sad'));
    expect(await got('finding')).to.deep.equal([{ pointer: '/board', expected: 1, got: 2 }]);
    expect(await got('several')).to.deep.equal([
      ...told('check.mjs#several', 'one'),
      { pointer: 'script', expected: 'two', got: undefined },
    ]);
    expect(await got('asserts')).to.deep.equal(told('check.mjs#asserts', 'created, not 200'));
    const [fell] = await got('falls');
    expect(fell?.got).to.match(
      /^TypeError: Cannot read properties of undefined \(reading 'thing'\) \(\S+check\.mjs:17:20\)$/,
    );
  });

  it('may return what no report can tell as it is', async () => {
    const check = `export default () => {
      const circle = {};
      circle.of = circle;
      return [{ got: 'first' }, { got: circle }, { expected: 1n, got: () => 1 }];
    };`;
    const { cell } = await run({
      files: { 'check.mjs': check },
      scenario: { ...BROKEN_BOARD, expect: { script: './check.mjs' } },
    });
    expect(cell.verdict).to.equal('failed');
    expect(gotOf(cell)).to.deep.equal([
      { pointer: 'script', expected: undefined, got: 'first' },
      { pointer: 'script', expected: undefined, got: '<ref *1> { of: [Circular *1] }' },
      { pointer: 'script', expected: '1n', got: '[Function: got]' },
    ]);
  });

  it('is ended where it never does, and when the run is', async () => {
    await inFolder(
      { 'never.mjs': 'export default () => new Promise(() => {});' },
      async (folder) => {
        const script = loadScript(join(folder, 'never.mjs'), undefined, 20);
        const answer = { status: 200, headers: {}, body: '', json: undefined, durationMs: 1 };
        const seen = { answer, baseline: undefined, exchanges: [], log: [] };
        const [finding] = await script(seen, new AbortController().signal);
        expect(finding?.got).to.equal('it did not end within 20ms');
        const stop = new AbortController();
        const waiting = loadScript(join(folder, 'never.mjs'))(seen, stop.signal);
        stop.abort(new Error('stopped'));
        expect(await waiting.catch((error: Error) => error.message)).to.equal('stopped');
      },
    );
  });

  it('is never an old one: a changed module asks for a new start, where Node keeps the old one', async () => {
    await inFolder(
      { 'a.cjs': 'module.exports = () => "old"', 'b.mjs': 'export default () => 1' },
      async (folder) => {
        const seen = {
          answer: { status: 200, headers: {}, body: '', json: undefined, durationMs: 1 },
          baseline: undefined,
          exchanges: [],
          log: [],
        };
        const { signal } = new AbortController();
        const said = async () => (await loadScript(join(folder, 'a.cjs'))(seen, signal))[0]?.got;
        expect(await said()).to.equal('old');
        loadScript(join(folder, 'b.mjs'));
        loadScript(join(folder, 'b.mjs'));
        writeFileSync(join(folder, 'a.cjs'), 'module.exports = () => "new"');
        for (const name of ['a.cjs', 'b.mjs']) utimesSync(join(folder, name), 1, 1);
        expect(await said()).to.equal('new');
        expect(() => loadScript(join(folder, 'b.mjs'))).to.throw(
          /b\.mjs has changed since it was loaded: start brownout again$/,
        );
      },
    );
  });

  it('is loaded once for all the cells of a run', async () => {
    const { result } = await run({
      files: {
        'count.mjs':
          'let loaded = (globalThis.loads = (globalThis.loads ?? 0) + 1);\nexport default () => loaded === 1 ? undefined : `loaded ${loaded} times`;',
      },
      scenario: {
        ...BROKEN_BOARD,
        matrix: { n: [1, 2, 3] },
        tags: ['n${n}'],
        expect: { script: './count.mjs' },
      },
    });
    expect(result.counts.passed).to.equal(3);
  });

  const at = (script: string) => `expect: { script: ${script} }`;
  const more: FileSet = {
    'check.mjs': CHECK,
    'waits.mjs': 'await 1;\nexport default () => {};',
    'falls.mjs': '\nthrow new Error("no");',
    'bad.mjs': 'export default ;',
    'named.mjs': 'export const a = () => {}; export const b = 1;',
  };
  const mistakes: Record<string, [string, RegExp]> = {
    'a file that is not there': [at('./no.mjs'), /^s\.yaml:4:19: no such file: \S+no\.mjs$/],
    'a function that is not there': [
      at('./check.mjs#txt'),
      /^s\.yaml:4:19: \S+check\.mjs exports no function "txt", did you mean "text"\?$/,
    ],
    'what is no function': [at('./check.mjs#word'), /exports no function "word"/],
    'no function by default': [
      at('./named.mjs'),
      /^s\.yaml:4:19: \S+named\.mjs exports no function by default: name one of #a$/,
    ],
    'a module that waits': [
      at('./waits.mjs'),
      /^s\.yaml:4:19: \S+waits\.mjs waits at its top level: do that in the function$/,
    ],
    'a module that throws': [
      at('./falls.mjs'),
      /^s\.yaml:4:19: \S+falls\.mjs cannot be loaded: Error: no \(\S+falls\.mjs:2:7\)$/,
    ],
    'a module that cannot be parsed': [
      at('./bad.mjs'),
      /^s\.yaml:4:19: \S+bad\.mjs cannot be loaded: SyntaxError: /,
    ],
    'what is no text': [at('7'), /^s\.yaml:4:19: expected a file, such as \.\/check\.js/],
  };
  for (const [what, [lines, problem]] of Object.entries(mistakes)) {
    it(`${what} is an error where it stands`, async () => {
      const [first, ...others] = await problemsOf(files(HEAD + lines, more));
      expect(others).to.deep.equal([]);
      expect(first).to.match(problem);
    });
  }

  it('runs nowhere where files may run no code, nor does a program', async () => {
    const refusals = (set: FileSet) =>
      inFolder(set, (folder) => {
        try {
          loadSuite([folder], { scripts: false });
          return [];
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          return error.problems.map(({ line, column, message }) => `${line}:${column} ${message}`);
        }
      });
    const refused =
      'this would run code, and --no-scripts is set: leave it out to let files run code';
    const faults = '\nfaults: [{ on: stats.board, inject: reset }]';
    const evil = { 'evil.mjs': 'globalThis.evil = true; export default () => {};' };
    expect(await refusals(files(HEAD + at('./evil.mjs') + faults, evil))).to.deep.equal([
      `4:19 ${refused}`,
    ]);
    expect(globalThis).not.to.have.property('evil');
    const program = 'system: x\nservice:\n  command: [node, "${port}"]\nupstreams: {}\n';
    expect(await refusals({ 'system.yaml': program })).to.deep.equal([`3:3 ${refused}`]);
    expect(await wrong(faults.trim())).to.deep.equal([]);
  });
});
