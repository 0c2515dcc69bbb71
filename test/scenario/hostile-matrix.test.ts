import { expect } from 'chai';
import { load } from './run-files.ts';
import { files, WHOLE, wrong } from './scenario-text.ts';

const FAULTS = 'faults: [{ on: stats.board, inject: reset }]\n';
const numbers = (count: number) => Array.from({ length: count }, (_, i) => i).join();

describe('a hostile matrix', () => {
  const refused: readonly (readonly [string, string, RegExp])[] = [
    [
      'of 10,000 cells',
      `matrix: { a: [${numbers(100)}], b: [${numbers(100)}] }`,
      /^s\.yaml:5:1: 10000 cells are too many: at most 5000$/,
    ],
    [
      'of a million million cells',
      `matrix: { ${'abcdefghijkl'.replaceAll(/./g, (name) => `${name}: [${numbers(10)}],`)} }`,
      /^s\.yaml:5:1: 1000000000000 cells are too many/,
    ],
    [
      'of more cells than there are numbers for',
      `matrix: { ${Array.from({ length: 40 }, (_, i) => `a${i}: [${numbers(10)}]`).join()} }`,
      /^s\.yaml:5:1: so many cells are too many: at most 5000$/,
    ],
    [
      'that includes 10,000 cells',
      `matrix: { include: [${Array.from({ length: 10_000 }, (_, i) => `{a: ${i}}`).join()}] }`,
      /^s\.yaml:5:1: 10000 cells are too many/,
    ],
    [
      'of 2,000 names with one value each',
      `matrix: { b: [${numbers(5000)}], ${Array.from({ length: 2000 }, (_, i) => `a${i}: [1]`).join()} }`,
      /^s\.yaml:5:1: 2001 names are too many: at most 50$/,
    ],
    [
      'that would make gigabytes of a page',
      `tags: ["${'${a}'.repeat(1000)}"]\nmatrix: { a: ["${'x'.repeat(10_000)}"], b: [${numbers(500)}], c: ["\${b}"] }`,
      /^s\.yaml:6:1: its values, put in, would make this file larger than 16 MB$/,
    ],
    [
      'with the name that no object can have',
      'matrix: { __proto__: [1] }',
      /^s\.yaml:5:11: no key can have the name __proto__$/,
    ],
  ];
  for (const [title, lines, message] of refused) {
    it(`${title} is refused`, async () => {
      const [first = '', ...others] = await wrong(`${FAULTS}${lines}`);
      expect(first).to.match(message);
      expect(others).to.deep.equal([]);
    });
  }

  it('may use the names that every object has', async () => {
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) {
      const { cells } = await load(
        files(`${WHOLE}tags: ["\${${name}}"]\nmatrix: { ${name}: [a, b] }\n`),
      );
      expect(cells.map(({ tags }) => tags)).to.deep.equal([['a'], ['b']]);
      expect((await wrong(`${FAULTS}tags: ["\${${name}}"]`))[0]).to.equal(
        `s.yaml:5:8: unknown \${${name}}`,
      );
    }
  });

  it('whose values have a toString of their own is put into texts as JSON', async () => {
    const { cells } = await load(
      files(`${WHOLE}tags: ["in \${a}"]\nmatrix: { a: [{ toString: x, valueOf: y }] }\n`),
    );
    expect(cells[0]?.tags).to.deep.equal(['in {"toString":"x","valueOf":"y"}']);
  });

  it('whose values hold variables has them put in as they stand', async () => {
    const { cells } = await load(
      files(`${WHOLE}tags: ["\${a}"]\nmatrix: { a: ["\${a}", "\${upstream.stats.url}"] }\n`),
    );
    expect(cells.map(({ tags }) => tags)).to.deep.equal([['${a}'], ['${upstream.stats.url}']]);
  });
});

describe('a value of the matrix that names itself', () => {
  it('is wrong where it stands', async () => {
    expect(
      await wrong('matrix: { a: ["${a}"] }\nfaults: [{ on: "${a}", inject: reset }]'),
    ).to.deep.equal([
      's.yaml:4:15: unknown upstream or call "${a}" (there is: stats, board, player, other)',
    ]);
  });
});

describe('a hostile duration', () => {
  it('longer than a day is refused: a timer of more than 24 days would end at once', async () => {
    expect(await wrong(`${FAULTS}recovery: { within: 999999999h }`)).to.deep.equal([
      's.yaml:5:21: expected at most 24h, got 999999999h',
    ]);
  });
});
