import { expect } from 'chai';
import * as fc from 'fast-check';
import { formatDuration, parseDuration } from '../../src/common/duration.ts';

describe('a duration', () => {
  const texts: readonly (readonly [string, number])[] = [
    ['0ms', 0],
    ['250ms', 250],
    ['0.5ms', 0.5],
    ['1.5s', 1500],
    ['1.001s', 1001],
    ['2m', 120_000],
    ['0.1m', 6000],
    ['1h', 3_600_000],
  ];
  for (const [text, ms] of texts) {
    it(`of ${text} has ${ms} milliseconds`, () => {
      expect(parseDuration(text)).to.equal(ms);
    });
  }

  for (const text of [
    '',
    's',
    '1',
    '1 s',
    ' 1s',
    '1s ',
    '-1s',
    '+1s',
    '1e3s',
    '.5s',
    '1.s',
    '1S',
  ]) {
    it(`is not "${text}"`, () => {
      expect(() => parseDuration(text)).to.throw(
        RangeError,
        `expected a duration such as 250ms or 2s, got "${text}"`,
      );
    });
  }

  for (const value of [null, true, [], {}]) {
    it(`is not ${JSON.stringify(value)}`, () => {
      expect(() => parseDuration(value)).to.throw(RangeError, `got ${JSON.stringify(value)}`);
    });
  }

  it('needs a unit', () => {
    expect(() => parseDuration(250)).to.throw(RangeError, 'got 250 (a bare number has no unit)');
  });

  it('is written in seconds from one second on', () => {
    expect([0, 90, 999, 1000, 1500, 90_000].map(formatDuration)).to.deep.equal([
      '0ms',
      '90ms',
      '999ms',
      '1s',
      '1.5s',
      '90s',
    ]);
  });

  it('is written with three decimals at most', () => {
    expect([0.12345, 1234.5678].map(formatDuration)).to.deep.equal(['0.123ms', '1.235s']);
  });

  it('of whole milliseconds survives being written and read', () => {
    fc.assert(
      fc.property(fc.nat(), (ms) => {
        expect(parseDuration(formatDuration(ms))).to.equal(ms);
      }),
    );
  });
});
