import { expect } from 'chai';
import { createStaleStore } from '../../../../src/portal/stats/stale/store.ts';

describe('portal: the store of stale answers (row 32)', () => {
  const LIMITS = { maxAgeMs: 1000, maxBytes: 10_000 };

  it('gives what it was given last, and how old that is', () => {
    let now = 5000;
    const store = createStaleStore(LIMITS, () => now);
    store.put('a', '[1]');
    store.put('b', '[2]');
    now += 300;
    store.put('a', '[3]');
    now += 500;
    expect(store.take('a')).to.deep.equal({ json: '[3]', ageMs: 500 });
    expect(store.take('b')).to.deep.equal({ json: '[2]', ageMs: 800 });
    expect(store.take('c')).to.equal(undefined);
  });

  it('gives nothing that is too old, however often it was asked for', () => {
    let now = 0;
    const store = createStaleStore(LIMITS, () => now);
    store.put('a', '[1]');
    now = 1000;
    expect(store.take('a')).to.deep.equal({ json: '[1]', ageMs: 1000 });
    now = 1000.1;
    expect(store.take('a')).to.equal(undefined);
    now = 500;
    expect(store.take('a')).to.equal(undefined);
  });

  it('keeps no more than its size, and what is used stays longest', () => {
    const store = createStaleStore(LIMITS, () => 0);
    store.put('used', '[]');
    for (let i = 0; i < 1000; i++) {
      store.put(`board ${i}`, JSON.stringify('x'.repeat(500)));
      expect(store.take('used')).to.deep.equal({ json: '[]', ageMs: 0 });
    }
    const kept = Array.from({ length: 1000 }, (_, i) => store.take(`board ${i}`)).filter(Boolean);
    expect(kept.length).to.be.within(5, 10);
    store.put('too large', 'x'.repeat(20_000));
    expect(store.take('too large')).to.equal(undefined);
    expect(store.take('used')).to.not.equal(undefined);
  });
});
