import { expect } from 'chai';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { FileError, InvalidError } from '../../src/common/errors.ts';
import { createMockStats } from '../../src/mock-stats/app.ts';
import { loadStatsData, statsDataSchema, type StatsData } from '../../src/mock-stats/data.ts';
import { sampleData } from '../../src/mock-stats/sample-data.ts';

describe('the data file of the mock stats service', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'brownout-data-'));
  });
  after(() => rmSync(folder, { recursive: true }));

  function write(text: string): string {
    const file = join(folder, 'stats.yaml');
    writeFileSync(file, text);
    return file;
  }

  it('may be YAML', () => {
    const file = write(`
stats: three players
board_rows: 10
products:
  exrps:
    scores: { ada: 14, grace: 2.5 }
    stats:
      ada: { games: "17" }
  bare: {}
answers:
  GET /stats/:product/:user:
    status: 503
    headers: { Retry-After: "5", Set-Cookie: [a=1, b=2] }
    json: null
`);
    expect(loadStatsData(file)).to.deep.equal({
      stats: 'three players',
      board_rows: 10,
      products: {
        exrps: { scores: { ada: 14, grace: 2.5 }, stats: { ada: { games: '17' } } },
        bare: {},
      },
      answers: {
        'GET /stats/:product/:user': {
          status: 503,
          headers: { 'Retry-After': '5', 'Set-Cookie': ['a=1', 'b=2'] },
          json: null,
        },
      },
    } satisfies StatsData);
  });

  it('may be JSON', () => {
    expect(loadStatsData(write(JSON.stringify(sampleData)))).to.deep.equal(sampleData);
  });

  const mistakes: readonly (readonly [string, string, string])[] = [
    ['has no name', 'board_rows: 1', '1:1: missing key "stats": text is needed'],
    ['is a list', '[]', '1:1: expected an object (stats, board_rows, products, answers), got []'],
    [
      'has an unknown key',
      'stats: x\nproduct: {}',
      '2:1: unknown key "product", did you mean "products"?',
    ],
    [
      'has an unknown key in a product',
      'stats: x\nproducts:\n  exrps:\n    score: { ada: 1 }',
      '4:5: unknown key "score", did you mean "scores"?',
    ],
    [
      'has a score that is text',
      'stats: x\nproducts:\n  exrps:\n    scores:\n      ada: "14"',
      '5:12: expected a number, got "14"',
    ],
    [
      'has a count that is a number',
      'stats: x\nproducts:\n  exrps:\n    stats:\n      ada: { games: 17 }',
      '5:21: expected text, got 17: put it in quotes',
    ],
    [
      'has a count that is a word',
      'stats: x\nproducts:\n  exrps:\n    stats:\n      ada: { games: many }',
      '5:21: expected a count in quotes, such as "17"',
    ],
    [
      'has a board of half a row',
      'stats: x\nboard_rows: 0.5',
      '2:13: expected a whole number, got 0.5',
    ],
    ['has a board of -1 rows', 'stats: x\nboard_rows: -1', '2:13: expected 0 or more rows'],
    [
      'answers to an unknown method',
      'stats: x\nanswers:\n  GETS /stats/:p/:u: { status: 500 }',
      '3:3: unknown method "GETS", did you mean "GET"?',
    ],
    [
      'answers a route without a path',
      'stats: x\nanswers:\n  GET stats: { status: 500 }',
      '3:3: expected a route such as "GET /stats/:product/:user", got "GET stats"',
    ],
    [
      'answers a route of three words',
      'stats: x\nanswers:\n  GET /a b: { status: 500 }',
      '3:3: expected a route such as "GET /stats/:product/:user", got "GET /a b"',
    ],
    [
      'has an unknown key in an answer',
      'stats: x\nanswers:\n  GET /a: { stauts: 500 }',
      '3:13: unknown key "stauts", did you mean "status"?',
    ],
    [
      'answers with an interim status',
      'stats: x\nanswers:\n  GET /a: { status: 100 }',
      '3:21: expected a status from 200 to 599',
    ],
    [
      'answers with a status beyond all',
      'stats: x\nanswers:\n  GET /a: { status: 600 }',
      '3:21: expected a status from 200 to 599',
    ],
    [
      'answers with both bodies',
      'stats: x\nanswers:\n  GET /a: { json: [], body: "" }',
      '3:13: give json or body, not both',
    ],
    [
      'sets a header to a number',
      'stats: x\nanswers:\n  GET /a:\n    headers: { Age: 5 }',
      '4:21: expected text or a list of texts',
    ],
    [
      'sets a length',
      'stats: x\nanswers:\n  GET /a:\n    headers: { content-length: "5" }',
      "4:16: content-length is not for an answer to set: false framing is a fault, and faults are the proxy's",
    ],
    [
      'sets a header with a space in its name',
      'stats: x\nanswers:\n  GET /a:\n    headers: { a b: "5" }',
      '4:16: Header name must be a valid HTTP token ["a b"]',
    ],
    [
      'sets a header to two lines',
      'stats: x\nanswers:\n  GET /a:\n    headers: { a: "x\\r\\ny: z" }',
      '4:16: Invalid character in header content ["a"]',
    ],
    [
      'answers with a value that contains itself',
      'stats: x\nanswers:\n  GET /a:\n    json: &a [*a]',
      '4:15: *a would contain itself',
    ],
  ];
  for (const [title, text, message] of mistakes) {
    it(`that ${title} is refused where it does`, () => {
      const file = write(text);
      expect(() => loadStatsData(file)).to.throw(FileError, `${file}:${message}`);
    });
  }

  it('names all of its mistakes at once', () => {
    const file = write('stats: x\nboard_rows: -1\nextra: 1');
    expect(() => loadStatsData(file))
      .to.throw(FileError)
      .with.property('problems')
      .with.length(2);
  });

  it('that does not exist is said not to', () => {
    expect(() => loadStatsData('/nowhere/stats.yaml')).to.throw(FileError, 'no such file');
  });

  it('has the format that data in the program is checked against', () => {
    const data = { prodcuts: {} } as StatsData;
    expect(() => createMockStats({ data })).to.throw(InvalidError, 'did you mean "products"?');
  });
});

describe('the sample data', () => {
  it('fits the format', () => {
    expect(statsDataSchema.parse(sampleData)).to.deep.equal(sampleData);
  });

  it('counts as many games as were won and lost', () => {
    const players = Object.values(sampleData.products?.['exrps']?.stats ?? {});
    expect(players).to.have.length(3);
    for (const { games, wins, losses } of players) {
      expect(Number(wins) + Number(losses)).to.equal(Number(games));
    }
  });

  it('gives a point for each win', () => {
    const { scores, stats } = sampleData.products?.['exrps'] ?? {};
    for (const [user, score] of Object.entries(scores ?? {})) {
      expect(stats?.[user]?.['wins']).to.equal(String(score));
    }
  });
});
