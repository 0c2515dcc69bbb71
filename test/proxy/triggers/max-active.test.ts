import { expect } from 'chai';
import { label, testBook } from '../rule-book.ts';

describe('max-active', () => {
  it('acts on so many at once, and on another when one is over', () => {
    const { book, add, decide } = testBook();
    add({ inject: ['empty', 'reset'], on: 'leaderboard', trigger: { 'max-active': 2 } });
    const asked = Array.from({ length: 5 }, () => decide({ call: 'leaderboard' }).firings);
    expect(asked.map((firings) => firings.length)).to.deep.equal([2, 2, 0, 0, 0]);
    const [first = []] = asked;
    book.release(first);
    // Twice is once: another's slot is not given away.
    book.release(first);
    for (const firings of asked.slice(2)) book.release(firings);
    const again = [1, 2].map(() => decide({ call: 'leaderboard' }).firings.length);
    expect(again).to.deep.equal([2, 0]);
  });

  it('takes no slot where another trigger does not hold', () => {
    const { add, decide } = testBook();
    add({ trigger: { 'max-active': 1, nth: [2, 3, 5] } });
    const hit = [1, 2, 3, 4, 5].map(() => decide().firings.length > 0);
    expect(hit).to.deep.equal([false, true, false, false, false]);
  });

  it('counts connections too, new and live', () => {
    const { book, add } = testBook();
    const rule = add({ inject: 'hang', trigger: { 'max-active': 2 } });
    const scope = { run: null, upstream: 'stats' };
    const live = book.onLive(rule);
    expect(live.map(label)).to.deep.equal(['r1 hang accept']);
    expect(book.onConnection(scope)).to.have.length(1);
    expect(book.onConnection(scope)).to.have.length(0);
    book.release(live);
    expect(book.onConnection(scope)).to.have.length(1);
  });

  it('counts what the rule before it in its place still acts upon', () => {
    const { book, add, decide } = testBook();
    const old = add({ trigger: { 'max-active': 1 } });
    const { firings } = decide();
    add({ trigger: { 'max-active': 1 } }, { old });
    book.remove(old);
    expect(decide().firings).to.have.length(0);
    book.release(firings);
    expect(decide().firings).to.have.length(1);
  });
});
