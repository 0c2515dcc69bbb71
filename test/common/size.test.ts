import { expect } from 'chai';
import * as fc from 'fast-check';
import { parseSize } from '../../src/common/size.ts';

describe('a size', () => {
  const texts: readonly (readonly [string, number])[] = [
    ['0B', 0],
    ['512B', 512],
    ['64KB', 65_536],
    ['1.5MB', 1_572_864],
    ['1GB', 1_073_741_824],
  ];
  for (const [text, bytes] of texts) {
    it(`of ${text} has ${bytes} bytes`, () => {
      expect(parseSize(text)).to.equal(bytes);
    });
  }

  for (const value of ['', '64', '64kb', '64 KB', '-1B', '1TB', 64, null]) {
    it(`is not ${JSON.stringify(value)}`, () => {
      expect(() => parseSize(value)).to.throw(
        RangeError,
        `expected a size such as 64KB or 12B, got ${JSON.stringify(value)}`,
      );
    });
  }

  it('is always a whole number of bytes', () => {
    const number = fc.double({ min: 0, max: 1e6, noNaN: true }).map((n) => n.toFixed(3));
    fc.assert(
      fc.property(number, fc.constantFrom('B', 'KB', 'MB', 'GB'), (text, unit) => {
        expect(parseSize(`${text}${unit}`)).to.satisfy(Number.isSafeInteger);
      }),
    );
  });
});
