import { expect } from 'chai';
import { LATER, ROWS, SETTLED } from './rows.ts';
import { titlesIn, titlesOfTests } from './titles.ts';

describe('portal: every row of what it shall do is shown by a test', () => {
  const titles = titlesOfTests();
  const named = new Set(titles.flatMap(({ rows }) => rows));

  for (const [row, feature] of Object.entries(ROWS)) {
    if (LATER.includes(Number(row))) continue;
    const settled = SETTLED[Number(row)];
    it(`row ${row}: ${feature}${settled ? ` — settled: ${settled}` : ''}`, () => {
      expect(named.has(Number(row)), `no title of a test holds "(row ${row})"`).to.equal(true);
    });
  }

  for (let number = 1; number <= 25; number++) {
    it(`V${number}, a test that the original lacks, is there (row 133)`, () => {
      expect(titles.some(({ title }) => title.startsWith(`V${number}: `))).to.equal(true);
    });
  }

  it('no title names a row that does not exist', () => {
    const unknown = titles.filter(({ rows }) => rows.some((row) => !(row in ROWS)));
    expect(unknown).to.deep.equal([]);
  });

  it('what is settled, and what comes later, are rows', () => {
    for (const row of [...Object.keys(SETTLED), ...LATER]) expect(ROWS).to.have.property(`${row}`);
  });

  it('titles are found in each way that they are written', () => {
    const source = [
      "it('one (row 1)', () => {});",
      'describe("it\'s two (rows 2, 3)", () => {',
      '  it(\n    `three ${what} (row 4)`,',
      "  it('says \\'no\\' (row 5) twice (row 6)'",
      "  expect('(row 7)')",
    ].join('\n');
    const rows = titlesIn('a.test.ts', source).map((title) => title.rows);
    expect(rows).to.deep.equal([[1], [2, 3], [4], [5, 6]]);
  });
});
