import { expect } from 'chai';
import * as fc from 'fast-check';
import { matchPattern, parsePattern } from '../../src/mock-stats/pattern.ts';

describe('a path pattern', () => {
  for (const text of ['', '/', 'a', 'a/b', '/a/', '//a', '/a b', '/a?b', '/a#b', '/a\n']) {
    it(`is not ${JSON.stringify(text)}`, () => {
      expect(parsePattern(text)).to.equal(undefined);
    });
  }

  it('matches any one segment in the place of a part with a colon', () => {
    const segment = fc.string({ minLength: 1 }).filter((text) => !text.includes('/'));
    fc.assert(
      fc.property(segment, segment, (product, user) => {
        const values = matchPattern(
          parsePattern('/stats/:product/:user') ?? [],
          `/stats/${product}/${user}`,
        );
        expect(values).to.deep.equal([product, user]);
      }),
    );
  });

  for (const path of ['', '/', '/a', '/a/', '/a/b/', '/a/b/c', 'x/a/b', '/A/b', '/b/b', '//a/b']) {
    it(`/a/:b does not match "${path}"`, () => {
      expect(matchPattern(parsePattern('/a/:b') ?? [], path)).to.equal(undefined);
    });
  }

  it('without a colon matches itself alone', () => {
    expect(matchPattern(parsePattern('/a') ?? [], '/a')).to.deep.equal([]);
    expect(matchPattern(parsePattern('/a') ?? [], '/b')).to.equal(undefined);
  });
});
