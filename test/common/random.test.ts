import { expect } from 'chai';
import * as fc from 'fast-check';
import { createRandom } from '../../src/common/random.ts';

describe('seeded randomness', () => {
  const draws = (seed: string | number, count = 5): number[] => {
    const random = createRandom(seed);
    return Array.from({ length: count }, () => random());
  };

  it('repeats itself for the same seed', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        expect(draws(seed)).to.deep.equal(draws(seed));
      }),
    );
  });

  // A seed printed by one release must replay in the next.
  it('draws the same numbers on every machine and in every release', () => {
    expect(draws('brownout', 3)).to.deep.equal(PINNED);
  });

  it('differs between seeds', () => {
    const firsts = Array.from({ length: 1000 }, (_, seed) => draws(seed, 1)[0]);
    expect(new Set(firsts)).to.have.property('size', 1000);
  });

  it('takes a number for its digits', () => {
    expect(draws(42)).to.deep.equal(draws('42'));
  });

  it('stays within [0, 1)', () => {
    fc.assert(
      fc.property(fc.string(), (seed) => {
        for (const draw of draws(seed, 50)) expect(draw).to.be.within(0, 1 - 2 ** -32);
      }),
    );
  });

  it('falls into ten equal parts about equally often', () => {
    const counts = Array.from({ length: 10 }, () => 0);
    for (const draw of draws('spread', 10_000)) {
      const part = Math.floor(draw * 10);
      counts[part] = (counts[part] ?? 0) + 1;
    }
    for (const count of counts) expect(count).to.be.within(850, 1150);
  });
});

const PINNED = [0.3011490381322801, 0.06494993274100125, 0.8827341955620795];
