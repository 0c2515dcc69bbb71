import { expect } from 'chai';
import * as fc from 'fast-check';
import { columns } from '../../src/report/columns.ts';
import { failureLines } from '../../src/report/failure-lines.ts';
import { createPaint } from '../../src/report/paint.ts';
import type { Failure } from '../../src/scenario/result.ts';
import { failure } from './recorded.ts';

describe('the lines of a failure', () => {
  it('are one sentence with a position where it fits', () => {
    expect(lines({})).to.deep.equal([
      'expected leaderboard.error true, got false (scenarios/portal/outage.yaml:14:9)',
    ]);
    expect(lines({ at: '' })).to.deep.equal(['expected leaderboard.error true, got false']);
  });

  it('put the position below where it does not', () => {
    expect(lines({ got: 'quite another text' })).to.deep.equal([
      'expected leaderboard.error true, got "quite another text"',
      '  (scenarios/portal/outage.yaml:14:9)',
    ]);
  });

  const pointers = [
    ['', 'body'],
    ['/0/game id', '[0]["game id"]'],
    ['/a~1b/c.d/e', '["a/b"]["c.d"].e'],
    ['/results/12/name', 'results[12].name'],
    ['status', 'status'],
  ] as const;
  for (const [pointer, name] of pointers) {
    it(`call ${JSON.stringify(pointer)} ${name}`, () => {
      expect(lines({ pointer, at: '' })).to.deep.equal([`expected ${name} true, got false`]);
    });
  }

  it('say nothing where there is nothing, and quote what is a value', () => {
    expect(lines({ at: '', expected: undefined, got: 'x' })).to.deep.equal([
      'expected leaderboard.error nothing, got "x"',
    ]);
    expect(lines({ at: '', pointer: 'time', expected: 'within 1s', got: '2s' })).to.deep.equal([
      'expected time within 1s, got 2s',
    ]);
  });

  it('show the places where two large values differ', () => {
    const rows = Array.from({ length: 50 }, (_, i) => ({ i, name: 'x' }));
    const got = [...rows.slice(0, 3), { i: 3, name: 'y', ...UNUSUAL }, ...rows.slice(4, 49)];
    expect(lines({ at: '', pointer: '/rows', expected: rows, got })).to.deep.equal([
      'expected another rows: 3 places differ',
      '  rows[3].name: expected "x", got "y"',
      '  rows[3].__proto__: expected nothing, got 1',
      '  rows[49]: expected {"i":49,"name":"x"}, got nothing',
    ]);
  });

  it('show the first places of many', () => {
    const expected = Array.from({ length: 100 }, (_, i) => i);
    const shown = lines({ pointer: '', at: '', expected, got: expected.map((n) => n + 1) });
    expect(shown).to.have.length(10);
    expect(shown[0]).to.equal('expected another body: 100 places differ');
    expect(shown[9]).to.equal('  and 92 more');
  });

  it('show an excerpt of each where two large values have nothing in common', () => {
    const shown = lines({ at: '', expected: [], got: { html: 'z'.repeat(5000) } });
    expect(shown.slice(0, 4)).to.deep.equal([
      'expected leaderboard.error',
      '  []',
      'got',
      `  {"html":"${'z'.repeat(67)}`,
    ]);
    expect(shown.at(-1)).to.match(/z… \(4811 more characters\)$/);
  });

  it('begin two long texts where they begin to differ', () => {
    const same = 'a'.repeat(3000);
    expect(lines({ at: '', expected: `${same}1`, got: `${same}2` })).to.deep.equal([
      'expected leaderboard.error',
      `  …${'a'.repeat(16)}1"`,
      'got',
      `  …${'a'.repeat(16)}2"`,
    ]);
  });

  it('cut no letter in two', () => {
    // One of the two has a letter across the place of the cut.
    for (const before of ['', 'a']) {
      const got = before + '😀'.repeat(400);
      const shown = lines({ at: '', expected: 'x', got }).join('\n');
      expect(shown).not.to.match(/\p{Cs}/u);
      expect(shown).to.contain('😀… (');
    }
  });

  it('begin with a whole letter, too', () => {
    // These two share the first half of a surrogate pair.
    const same = '😀'.repeat(120);
    const shown = lines({ at: '', expected: `${same}😀`, got: `${same}😁` }).join('\n');
    expect(shown).not.to.match(/\p{Cs}/u);
    expect(shown).to.contain('😁"');
  });

  it('take no more room than there is, and are few, whatever is compared', () => {
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.jsonValue(),
        fc.integer({ min: 40, max: 120 }),
        (expected, got, room) => {
          const shown = lines({ pointer: '/data', at: 'a.yaml:1:1', expected, got }, room);
          const values = shown.filter((line) => !line.trimEnd().endsWith(':'));
          expect(Math.max(...values.map(columns))).to.be.at.most(room);
          expect(shown.length).to.be.within(1, 60);
          expect(shown.join('')).not.to.match(/\p{Cs}/u);
        },
      ),
    );
  });

  it('end, however deep the values are', () => {
    const deep = (leaf: number) => {
      let value: unknown = leaf;
      for (let i = 0; i < 500; i++) value = { same: 1, deeper: value };
      return value;
    };
    const shown = lines({ at: '', pointer: '', expected: deep(1), got: deep(2) });
    expect(shown[0]).to.equal('expected another body: 1 place differs');
    expect(shown.join('\n').length).to.be.below(1000);
  });
});

/** A key that every object seems to have. */
const UNUSUAL = JSON.parse('{"__proto__":1}') as object;

function lines(part: Partial<Failure>, room = 78): string[] {
  return failureLines(failure(part), room, createPaint(false));
}
