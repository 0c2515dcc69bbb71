import { expect } from 'chai';
import { testBook } from '../rule-book.ts';

describe('probability', () => {
  const hits = (seed: string, trigger: object, times = 200) => {
    const { add, hits } = testBook(seed);
    add({ trigger });
    return hits(times);
  };

  it('of 0 means never, and of 1 always', () => {
    expect(hits('a', { probability: 0 }, 5000)).to.deep.equal([]);
    expect(hits('a', { probability: 1 }, 5000)).to.have.length(5000);
  });

  it('hits about its share', () => {
    const share = (probability: number) => {
      const seeds = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'];
      return seeds.flatMap((seed) => hits(seed, { probability }, 2000)).length / 20_000;
    };
    expect(share(0.3)).to.be.within(0.285, 0.315);
    expect(share(0.01)).to.be.within(0.007, 0.013);
  });

  it('draws without a memory: a hit makes the next one neither likelier nor less likely', () => {
    const all = hits('a', { probability: 0.5 }, 10_000);
    const pairs = all.filter((ordinal, i) => all[i + 1] === ordinal + 1);
    expect(pairs.length / all.length).to.be.within(0.46, 0.54);
  });

  it('hits the same requests with the same seed, and others with another', () => {
    const first = hits('a', { probability: 0.3 });
    expect(hits('a', { probability: 0.3 })).to.deep.equal(first);
    expect(hits('b', { probability: 0.3 })).not.to.deep.equal(first);
  });

  it('hits the same requests whatever other rules come, act or go', () => {
    const alone = hits('a', { probability: 0.3 });
    const { book, add, ask } = testBook('a');
    add({ trigger: { probability: 0.5 } }, { run: 'x' });
    add({ trigger: { probability: 0.3 } });
    const seen = [];
    for (let ordinal = 1; ordinal <= 200; ordinal++) {
      const other = add({ trigger: { probability: 0.5 } });
      if (ask().some((one) => one.startsWith('r1 '))) seen.push(ordinal);
      book.remove(other);
    }
    expect(seen).to.deep.equal(alone);
  });

  it('hits other requests in another rule of the same share', () => {
    const { add, ask } = testBook();
    add({ trigger: { probability: 0.5 } });
    add({ trigger: { probability: 0.5 } });
    const together = Array.from({ length: 1000 }, () => ask()).filter((all) => all.length === 2);
    expect(together.length).to.be.within(200, 300);
  });

  it('is drawn once for a request: a rule in another’s place goes on with the draws', () => {
    const straight = hits('a', { probability: 0.3 });
    const { book, add, ask } = testBook('a');
    let rule = add({ trigger: { probability: 0.3 } });
    const seen = [];
    for (let ordinal = 1; ordinal <= 200; ordinal++) {
      if (ask().length > 0) seen.push(ordinal);
      const old = rule;
      rule = add({ trigger: { probability: 0.3 } }, { old });
      book.remove(old);
    }
    expect(seen).to.deep.equal(straight);
  });

  it('keeps its draws when its share grows: what was hit stays hit', () => {
    const less = hits('a', { probability: 0.2 });
    expect(hits('a', { probability: 0.6 })).to.include.members(less);
  });

  it('leaves the draws of its faults to them: what was hit by a small share draws as anything does', () => {
    const { add, decide } = testBook();
    add({ trigger: { probability: 0.1 } });
    const firings = Array.from({ length: 5000 }, () => decide().firings).flat();
    const mean = firings.reduce((sum, { random }) => sum + random(), 0) / firings.length;
    expect(mean).to.be.within(0.45, 0.55);
  });
});
