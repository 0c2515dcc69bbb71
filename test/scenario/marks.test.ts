import { expect } from 'chai';
import { load } from './run-files.ts';
import { files, HEAD, wrong } from './scenario-text.ts';

const REST = `matrix:
  call: [board, player]
  fault: [reset, { status: 503 }]
faults: [{ on: "stats.\${call}", inject: "\${fault}" }]
`;
const marks = async (lines: string) => {
  const { cells } = await load(files(HEAD + REST + lines));
  return Object.fromEntries(
    cells.map(({ id, skip, only, timeout }) => [id.slice(4, -1), skip ?? only ?? timeout]),
  );
};

describe('skip, only and timeout', () => {
  it('say for the whole scenario why it is not run, why nothing else is, and how long it may take', async () => {
    expect(Object.values(await marks('skip: not yet'))).to.deep.equal(Array(4).fill('not yet'));
    const { cells } = await load(files(`${HEAD}${REST}only: at work\ntimeout: 30s`));
    expect(cells[0]).to.include({ only: 'at work', skip: undefined, timeout: 30_000 });
  });

  it('may be of some cells of a matrix, by deep comparison, the first that fits', async () => {
    const lines = `skip:
  - { cells: { fault: { status: 503 }, call: board }, reason: "see #12" }
  - { cells: { call: board }, reason: "of \${call}" }
`;
    expect(await marks(lines)).to.deep.equal({
      'board,reset': 'of board',
      'board,status:503': 'see #12',
      'player,reset': undefined,
      'player,status:503': undefined,
    });
  });

  const mistakes: Record<string, [string, RegExp]> = {
    'no reason': ['skip: true', /^s\.yaml:4:7: say why: a text, or a list of cells and reasons/],
    'an empty reason': ['only: " "', /^s\.yaml:4:7: say why/],
    'a list without a reason': [
      'matrix: { a: [x] }\nskip: [{ cells: { a: x } }]\ntags: ["${a}"]',
      /^s\.yaml:5:\d+: missing key "reason": text is needed/,
    ],
    'a misspelt key': [
      'skip: [{ cell: { a: 1 }, reason: x }]',
      /^s\.yaml:4:10: unknown key "cell", did you mean "cells"\?/,
    ],
    'a misspelt name': [
      'matrix: { call: [board] }\nskip: [{ cells: { cal: board }, reason: x }]\ntags: ["${call}"]\nfaults: [{ on: stats, inject: reset }]',
      /^s\.yaml:5:19: the matrix has no "cal", did you mean "call"\?$/,
    ],
    'a value that no cell has': [
      'matrix: { call: [board] }\nonly: [{ cells: { call: bord }, reason: x }]\ntags: ["${call}"]\nfaults: [{ on: stats, inject: reset }]',
      /^s\.yaml:5:10: no cell of the matrix has these values$/,
    ],
    'a timeout without a unit': ['timeout: 30', /^s\.yaml:4:10: expected a duration/],
    'no time at all': ['timeout: 0s', /^s\.yaml:4:10: a cell cannot be done in no time$/],
  };
  for (const [what, [lines, problem]] of Object.entries(mistakes)) {
    it(`${what} is an error where it stands`, async () => {
      expect((await wrong(lines)).at(-1)).to.match(problem);
    });
  }
});
