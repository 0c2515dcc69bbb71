import { expect } from 'chai';
import * as fc from 'fast-check';
import { columns, cut, cutMiddle, fill, fits, fold, pad, wrap } from '../../src/report/columns.ts';
import { printable } from '../../src/report/printable.ts';
import { showTime } from '../../src/report/time.ts';

describe('columns', () => {
  const measured = [
    ['abc', 3],
    ['é', 1],
    ['e\u0301', 1],
    ['日本', 4],
    ['😀', 2],
    ['👩‍👩‍👧', 2],
    ['✓ → …', 5],
  ] as const;
  for (const [text, taken] of measured) {
    it(`are ${taken} for ${text}`, () => expect(columns(text)).to.equal(taken));
  }

  it('are enough, or not', () => {
    expect([fits('日本', 4), fits('日本', 3), fits('a'.repeat(1e7), 80)]).to.deep.equal([
      true,
      false,
      false,
    ]);
  });

  it('are filled up by spaces', () => {
    expect([pad('日', 4), pad('abcde', 4)]).to.deep.equal(['日  ', 'abcde']);
  });

  it('are kept by a cut', () => {
    expect([cut('abcd', 4), cut('abcde', 4), cut('日本語', 4)]).to.deep.equal([
      'abcd',
      'abc…',
      '日…',
    ]);
  });

  it('are kept by a cut in the middle, which leaves both ends', () => {
    expect(cutMiddle('open-game.one-call[hang]', 15)).to.equal('open-ga…l[hang]');
    expect([cutMiddle('abcd', 4), cutMiddle('日本語日本', 7)]).to.deep.equal(['abcd', '日本…本']);
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('…')),
        fc.integer({ min: 3, max: 20 }),
        (text, room) => {
          const short = cutMiddle(text, room);
          expect(columns(short)).to.be.at.most(room);
          const [start = '', end] = short.split('…');
          if (short !== text && end !== undefined) {
            expect(text.startsWith(start)).to.equal(true);
            expect(text.endsWith(end)).to.equal(true);
          }
        },
      ),
    );
  });

  it('are kept by folding, which loses nothing', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme' }),
        fc.integer({ min: 2, max: 20 }),
        (text, room) => {
          const lines = fold(text, room);
          expect(lines.join('')).to.equal(text);
          expect(lines.every((line) => columns(line) <= room)).to.equal(true);
        },
      ),
    );
  });

  it('are kept by wrapping, but for words that are longer', () => {
    expect(wrap('one two three-and-more four', 8)).to.deep.equal([
      'one two',
      'three-and-more',
      'four',
    ]);
    expect(fill(['a b', 'c', 'd'], '  ', 6)).to.deep.equal(['a b  c', 'd']);
  });
});

describe('printable text', () => {
  it('shows what cannot be seen', () => {
    expect(printable('a\u001b[1m\n\r\t\u0000\ud800\u202e\u2028')).to.equal(
      'a\\u001b[1m\\n\\r\\t\\u0000\\ud800\\u202e\\u2028',
    );
  });

  it('leaves letters alone', () => {
    expect(printable('é日😀 👩‍👩‍👧 "\\"')).to.equal('é日😀 👩‍👩‍👧 "\\"');
  });
});

describe('a measured time', () => {
  const shown = [
    [0.4, '0ms'],
    [45.3, '45ms'],
    [999.4, '999ms'],
    [999.6, '1s'],
    [1024, '1.02s'],
    [59_994, '59.99s'],
    [59_996, '1m 00s'],
    [125_400, '2m 05s'],
    [3_600_000, '60m 00s'],
  ] as const;
  for (const [ms, text] of shown) {
    it(`of ${ms} is ${text}`, () => expect(showTime(ms)).to.equal(text));
  }
});
