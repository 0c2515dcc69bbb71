import { expect } from 'chai';
import { testBook } from '../rule-book.ts';

describe('triggers of one rule', () => {
  for (const [trigger, expected] of [
    [{ first: 3 }, [1, 2, 3]],
    [{ first: 0 }, []],
    [{ nth: 2 }, [2]],
    [{ nth: [1, 4] }, [1, 4]],
    [{ every: 3 }, [3, 6, 9]],
    [{ every: 2, first: 5 }, [2, 4]],
    [{ every: 2, probability: 1, for: '1s', 'max-active': 1 }, [2, 4, 6, 8, 10]],
    [{ every: 2, probability: 0 }, []],
  ] as const) {
    it(`must all hold: ${JSON.stringify(trigger)} acts on ${expected.join(', ') || 'none'} of 10`, () => {
      const { add, hits } = testBook();
      add({ trigger });
      expect(hits(10)).to.deep.equal(expected);
    });
  }

  it('do not draw anew for one another: first takes from what probability would hit anyway', () => {
    const hitsOf = (trigger: object) => {
      const { add, hits } = testBook();
      add({ trigger });
      return hits(100);
    };
    const all = hitsOf({ probability: 0.3 });
    expect(hitsOf({ probability: 0.3, first: 50 })).to.deep.equal(all.filter((n) => n <= 50));
  });
});
