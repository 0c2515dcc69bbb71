import { expect } from 'chai';
import * as fc from 'fast-check';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError } from '../../src/common/errors.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import { CONTRACT, SCENARIO, SYSTEM } from './run-files.ts';

const EXPECT = {
  status: 200,
  within: '1s',
  headers: { a: { contains: 'b' } },
  body: { '/a/0': { length: 2 } },
  upstream: { board: { count: { max: 2 }, faulted: 1 } },
};

/** Files in which much is said, each of which can be read. */
const FILES: Readonly<Record<string, object>> = {
  'system.yaml': {
    ...SYSTEM,
    service: {
      command: ['x', '${port}'],
      env: { A: '${secret}' },
      ready: { get: '/', within: '1s' },
    },
    identities: { ada: { post: '/token', json: { a: 1 }, token: '/t' } },
    presets: { offline: { on: 'stats', inject: 'refuse' } },
    secrets: ['A'],
  },
  'contract.yaml': { ...CONTRACT, volatile: ['/id'], never: ['${upstream.stats.url}'] },
  'fragment.yaml': { fragment: 'warm', steps: [{ get: '/${a}', expect: EXPECT }] },
  'scenario.yaml': {
    ...SCENARIO,
    use: ['./system.yaml', './contract.yaml', './fragment.yaml'],
    tags: ['${a}'],
    matrix: { a: ['x', 'y'], exclude: [{ a: 'y' }], include: [{ a: 'z' }] },
    faults: [
      'offline',
      { on: 'stats.board', inject: [{ status: 503, body: '[]' }, 'reset'], trigger: { first: 2 } },
      { on: 'stats', match: { path: '/x', query: { a: { present: true } } }, inject: 'hang' },
    ],
    recovery: { within: '1s' },
    setup: [{ post: '/a', json: { a: [1] }, capture: { game: '/id', head: { header: 'x' } } }],
    steps: [
      { send: 'page', expect: { degraded: ['board'] }, repeat: 2 },
      { get: '/${game}', as: 'ada', headers: { a: 'b' }, expect: EXPECT },
      { stop: 'stats' },
      { wait: '1s' },
      { use: 'warm', with: { a: 'b' } },
    ],
    teardown: [{ delete: '/a' }],
    skip: 'a reason',
    timeout: '1s',
  },
};

describe('a suite of files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'brownout-any-'));
  after(() => rmSync(folder, { recursive: true }));

  const write = (files: Readonly<Record<string, unknown>>) => {
    for (const [name, value] of Object.entries(files))
      writeFileSync(join(folder, name), JSON.stringify(value));
  };

  it('that says much is read', () => {
    write(FILES);
    expect(loadSuite([folder]).cells).to.have.length(2);
  });

  it('is read or refused at a position of its own, whatever stands in any place', () => {
    const place = fc.constantFrom(
      ...Object.entries(FILES).flatMap(([file, value]) =>
        pathsIn(value).map((path) => ({ file, path })),
      ),
    );
    fc.assert(
      fc.property(place, anything(), fc.boolean(), ({ file, path }, value, atKey) => {
        const changed = replaced(FILES[file], path, value, atKey);
        write({ ...FILES, [file]: changed });
        try {
          loadSuite([folder]);
        } catch (error) {
          if (!(error instanceof FileError)) throw error;
          for (const { file, line, column, message } of error.problems) {
            expect(file).to.include('brownout-any-');
            expect(line).to.equal(1);
            expect(column).to.be.above(0);
            expect(message).to.not.equal('');
          }
        }
      }),
      { numRuns: 200 },
    );
  });
});

type Path = readonly (string | number)[];

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const below: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [path, ...below.flatMap(([key, one]) => pathsIn(one, [...path, key]))];
}

/** A copy in which something else stands at the path; or beside it, under a key of its own. */
function replaced(whole: unknown, path: Path, value: unknown, beside: boolean): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  if (Array.isArray(whole))
    return whole.map((one: unknown, i) => (i === key ? replaced(one, rest, value, beside) : one));
  const record = whole as Readonly<Record<string, unknown>>;
  if (beside && rest.length === 0) return { ...record, [keyOf(value)]: record[key] };
  return { ...record, [key]: replaced(record[key], rest, value, beside) };
}

function keyOf(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** What a file can hold, and what is likely to be mistaken for something else. */
function anything(): fc.Arbitrary<unknown> {
  const word = fc.constantFrom(...WORDS);
  const scalar = fc.oneof(word, word, fc.double(), fc.integer(), fc.boolean(), fc.constant(null));
  return fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(word, scalar, { maxKeys: 3, noNullPrototype: true }),
    fc.jsonValue({ maxDepth: 3 }),
  );
}

const WORDS = [
  ...'constructor toString hasOwnProperty ${a} ${game} ${ ${} ${${a}} 1s 999999999h -1s 1e400'.split(
    ' ',
  ),
  ...'stats stats.board page warm ./scenario.yaml ./fragment.yaml . / ~ reset offline http:// http://[::'.split(
    ' ',
  ),
  '',
  'GET /:a',
  'GET /(',
  'GET /{a}*b',
  'builtin portal',
  'builtin x',
  'a\nb',
  'x'.repeat(3000),
  '\u001b[2J',
  '\0',
  '\ud800',
];
