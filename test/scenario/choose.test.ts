import { expect } from 'chai';
import * as fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BrownoutError, FileError } from '../../src/common/errors.ts';
import { chooseCells, type Choosing } from '../../src/scenario/choose/choose.ts';
import { keepLastRun, readLastRun } from '../../src/scenario/choose/last-run.ts';
import { loadSuite } from '../../src/scenario/load/load.ts';
import type { CellResult, Verdict } from '../../src/scenario/result.ts';
import type { Suite, SuiteCell } from '../../src/scenario/suite.ts';
import { BROKEN_BOARD, filesOf, inFolder, load, SCENARIO } from './run-files.ts';

const MATRIX = `scenario: The board is lost
id: lost
use: [./system.yaml, ./contract.yaml]
matrix:
  code:
    - 500
    - 503
  call: [board, player]
faults: [{ on: 'stats.\${call}', inject: { status: '\${code}' } }]
`;
const OTHER = { ...SCENARIO, ...BROKEN_BOARD, id: 'other', tags: ['slow'] };
const FILES = { ...filesOf({}), 'scenario.yaml': MATRIX, 'other.yaml': OTHER };

const AT = { file: '', line: 1, column: 1 };
const EMPTY: Suite = { cells: [], leftOut: 0, files: [] };

async function idsOf(choosing: Choosing): Promise<string[]> {
  return chooseCells(await load(FILES), choosing).cells.map(({ id }) => id);
}

function at(paths: readonly string[]): Promise<string[]> {
  return inFolder(FILES, (folder) =>
    loadSuite(paths.map((path) => join(folder, path))).cells.map(({ id }) => id),
  );
}

describe('a path with a line', () => {
  it('takes the scenario that stands there', async () => {
    const all = ['lost[500,board]', 'lost[500,player]', 'lost[503,board]', 'lost[503,player]'];
    for (const line of [1, 4, 5, 9]) expect(await at([`scenario.yaml:${line}`])).to.deep.equal(all);
    expect(await at(['scenario.yaml:2:1'])).to.deep.equal(all);
    expect(await at(['scenario.yaml:8'])).to.deep.equal(all);
  });

  it('takes the cells with the value of the matrix that stands there', async () => {
    expect(await at(['scenario.yaml:7'])).to.deep.equal(['lost[503,board]', 'lost[503,player]']);
    expect(await at(['scenario.yaml:6', 'other.yaml:1', 'scenario.yaml:7'])).to.have.length(5);
    expect(await at(['.', 'scenario.yaml:7'])).to.have.length(3);
    expect(await at(['scenario.yaml', 'scenario.yaml:7'])).to.have.length(4);
  });

  it('must have that line', async () => {
    const error = await at(['scenario.yaml:10']).catch((error: unknown) => error);
    expect(error).to.be.instanceOf(FileError);
    expect((error as FileError).message).to.match(
      /scenario\.yaml:9:1: there is no line 10: it has 9$/,
    );
    expect(await at(['scenario.yaml:0']).catch((error: Error) => error.message)).to.include(
      'line 0',
    );
  });
});

describe('a selection', () => {
  it('leaves out what has a tag after !', async () => {
    const fast = await idsOf({ tag: ['!slow'] });
    expect(fast).to.have.length(4).and.not.include('other');
    expect(await idsOf({ tag: ['slow'] })).to.deep.equal(['other']);
    expect(() =>
      chooseCells({ ...EMPTY, cells: [cell('a', { tags: ['x'] })] }, { tag: ['x', '!x'] }),
    ).to.throw('none of the 1 cells is selected; the tags are x');
  });

  it('tells of a tag that no scenario has, with or without !', async () => {
    const { warnings } = chooseCells(await load(FILES), { tag: ['!slw', 'slow'] });
    expect(warnings).to.deep.equal(['no scenario has the tag "slw", did you mean "slow"?']);
  });

  it('takes several ids, each of which there must be', async () => {
    expect(await idsOf({ id: ['other', 'lost[503,board]'] })).to.deep.equal([
      'other',
      'lost[503,board]',
    ]);
    const suite = await load(FILES);
    expect(() => chooseCells(suite, { id: ['other', 'lost[503,bored]'] })).to.throw(
      'no cell has the id "lost[503,bored]", did you mean "lost[503,board]"?',
    );
  });
});

describe('each cell repeated', () => {
  it('has ids of its own, by which one of them can be chosen', async () => {
    expect(await idsOf({ id: 'other', repeatEach: 3 })).to.deep.equal([
      'other',
      'other#2',
      'other#3',
    ]);
    expect(await idsOf({ id: 'other#3' })).to.deep.equal(['other#3']);
    const suite = await load(FILES);
    for (const id of ['other#1', 'other#0', 'othr#2'])
      expect(() => chooseCells(suite, { id })).to.throw(`no cell has the id "${id}"`);
  });
});

describe('a shard', () => {
  it('is its part of all cells, whatever they are: each is in exactly one', () => {
    const ids = fc.uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(ids, fc.nat({ max: 59 }), (ids, more) => {
        const total = 1 + (more % ids.length);
        const suite = { ...EMPTY, cells: ids.map((id) => cell(id)) };
        const shards = Array.from({ length: total }, (_, i) =>
          chooseCells(suite, { shard: { index: i + 1, total } }).cells.map(({ id }) => id),
        );
        expect(shards.flat().toSorted()).to.deep.equal(ids.toSorted());
        const sizes = shards.map(({ length }) => length);
        expect(Math.max(...sizes) - Math.min(...sizes)).to.be.at.most(1);
      }),
    );
  });

  it('is the same on every machine, in whatever order files are found', () => {
    const cells = Array.from({ length: 20 }, (_, i) => cell(`c${i}`));
    const of = (cells: SuiteCell[]) =>
      chooseCells({ ...EMPTY, cells }, { shard: { index: 2, total: 3 } }).cells.map(({ id }) => id);
    expect(of(cells)).to.deep.equal(of(cells.toReversed()).toReversed());
    expect(of(cells)).to.deep.equal(['c5', 'c6', 'c8', 'c11', 'c14', 'c16', 'c18']);
  });

  it('that nothing is left for is an error that helps', () => {
    const cells = [cell('a'), cell('b')];
    const empty = () => chooseCells({ ...EMPTY, cells }, { shard: { index: 3, total: 3 } });
    expect(empty)
      .to.throw(BrownoutError, 'shard 3/3 has nothing to test: only 2 cells are selected')
      .with.property('code', 'nothing_selected');
  });
});

describe('only', () => {
  it('leaves the others out, and says how many', () => {
    const cells = [cell('a'), cell('b', { only: 'debugging' }), cell('c')];
    const { cells: chosen, warnings } = chooseCells({ ...EMPTY, cells }, {});
    expect(chosen.map(({ id }) => id)).to.deep.equal(['b']);
    expect(warnings).to.deep.equal(['2 cells were left out: only stands in b.yaml']);
    expect(chooseCells({ ...EMPTY, cells }, { id: 'a' }).cells).to.have.length(1);
  });

  it('is refused where a machine decides by the verdict', () =>
    inFolder({ 'b.yaml': 'scenario: b\nid: b\nonly: debugging\n' }, (folder) => {
      const file = join(folder, 'b.yaml');
      const one = cell('b', { only: 'debugging', position: { file, line: 1, column: 1 } });
      expect(() => chooseCells({ ...EMPTY, cells: [cell('a'), one] }, { ci: true, id: 'a' }))
        .to.throw(FileError)
        .with.property('message')
        .match(/b\.yaml:3:1: only leaves every other scenario out, and CI is set/);
    }));
});

describe('what did not pass in the last run', () => {
  const cells = ['a', 'b', 'c'].map((id) => cell(id));
  const suite = { ...EMPTY, cells };
  const again = (folder: string, more: Choosing = {}) =>
    chooseCells(suite, { ...more, lastRun: readLastRun(folder) }).cells.map(({ id }) => id);

  it('is chosen again; what was not run meanwhile stays', () =>
    inFolder({}, (folder) => {
      keepLastRun(folder, suite, [came('a', 'failed'), came('b', 'passed'), came('c', 'broken')]);
      expect(again(folder)).to.deep.equal(['a', 'c']);
      keepLastRun(folder, suite, [came('a', 'passed'), came('b', 'inconclusive')]);
      expect(again(folder)).to.deep.equal(['b', 'c']);
      keepLastRun(folder, suite, [
        came('b#2', 'failed'),
        came('b', 'passed'),
        came('c', 'skipped'),
      ]);
      expect(again(folder)).to.deep.equal(['b']);
    }));

  it('is forgotten with its scenario, and told apart by the system under it', () =>
    inFolder({}, (folder) => {
      keepLastRun(folder, suite, [came('a', 'failed'), came('b', 'failed')]);
      const twin = { ...EMPTY, cells: [cell('a', { systemFile: 'twin.yaml' })] };
      keepLastRun(folder, twin, [came('a', 'passed')]);
      expect(again(folder)).to.deep.equal(['a', 'b']);
      const renamed = { ...EMPTY, cells: [cell('a2', { position: { ...AT, file: 'a.yaml' } })] };
      keepLastRun(folder, renamed, [came('a2', 'passed')]);
      expect(again(folder)).to.deep.equal(['b']);
    }));

  it('is nothing where nothing is known: that is told, and is no green run', () =>
    inFolder({}, (folder) => {
      expect(() => again(folder))
        .to.throw(BrownoutError, 'nothing is known not to have passed')
        .with.property('code', 'nothing_selected');
      keepLastRun(folder, suite, [came('a', 'passed')]);
      expect(() => readFileSync(join(folder, 'last-run.json'))).to.throw('ENOENT');
      keepLastRun(folder, suite, [came('a', 'failed')]);
      expect(() => again(folder, { id: 'b' })).to.throw('the cell that did not pass');
    }));

  it('is in the shard in which it was', () =>
    inFolder({}, (folder) => {
      keepLastRun(folder, suite, [came('a', 'failed')]);
      const shards = [1, 2, 3].map((index) => {
        try {
          return again(folder, { shard: { index, total: 3 } });
        } catch {
          return [];
        }
      });
      expect(shards.flat()).to.deep.equal(['a']);
    }));
});

function cell(id: string, more: Partial<SuiteCell> = {}): SuiteCell {
  return {
    id,
    scenario: id,
    tags: [],
    position: { ...AT, file: `${id}.yaml` },
    ...more,
  } as SuiteCell;
}

function came(id: string, verdict: Verdict): CellResult {
  return { id, verdict } as CellResult;
}
