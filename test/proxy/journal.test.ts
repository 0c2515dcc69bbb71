import { expect } from 'chai';
import { createJournal, NO_REQUEST } from '../../src/proxy/journal.ts';

const OPENING = { run: 'a', upstream: 'stats', ...NO_REQUEST, matched: [] };

describe('the journal', () => {
  it('gives what is new or has changed since an earlier reading', () => {
    let now = 1000;
    const journal = createJournal(() => now);
    const first = journal.open(OPENING);
    journal.open({ ...OPENING, call: 'leaderboard' });
    const { entries, next } = journal.read({});
    expect(entries.map(({ end }) => end)).to.deep.equal(['pending', 'pending']);
    expect(journal.read({ since: next }).entries).to.deep.equal([]);
    now = 1007;
    first.fired('r1', 'hang', 'request');
    now = 1012;
    first.complete('answered', 200, 3, 4);
    const later = journal.read({ since: next });
    expect(later.entries).to.deep.equal([
      {
        ...entries[0],
        end: 'answered',
        status: 200,
        bytesIn: 3,
        bytesOut: 4,
        durationMs: 12,
        injected: [{ rule: 'r1', fault: 'hang', phase: 'request', atMs: 7 }],
      },
    ]);
    expect(later.next).to.be.above(next);
    expect(entries[0]?.end).to.equal('pending');
  });

  it('is read by run and by call', () => {
    const journal = createJournal(() => 0);
    for (const run of ['a', 'b', null]) {
      for (const call of ['x', 'y']) journal.open({ ...OPENING, run, call });
    }
    expect(journal.read({}).entries.map(({ id }) => id)).to.deep.equal([1, 2, 3, 4, 5, 6]);
    expect(journal.read({ run: 'b' }).entries.map(({ id }) => id)).to.deep.equal([3, 4]);
    expect(journal.read({ run: 'b', call: 'y' }).entries.map(({ id }) => id)).to.deep.equal([4]);
    expect(journal.read({ run: 'none' }).entries).to.deep.equal([]);
  });

  it('flags a run past its capacity, and not the ring of unscoped entries', () => {
    const journal = createJournal(() => 0, 3);
    for (let i = 0; i < 4; i++) {
      journal.open(OPENING);
      journal.open({ ...OPENING, run: null });
      if (i === 2) expect(journal.read({ run: 'a' }).overflowed).to.equal(false);
    }
    expect(journal.read({ run: 'a' })).to.have.property('overflowed', true);
    expect(journal.read({ run: 'a' }).entries.map(({ id }) => id)).to.deep.equal([3, 5, 7]);
    expect(journal.read({}).entries).to.have.length(6);
    journal.forget('a');
    expect(journal.read({})).to.include({ overflowed: false });
    expect(journal.read({ run: 'a' }).entries).to.deep.equal([]);
  });

  it('lets an entry of a forgotten run be completed', () => {
    const journal = createJournal(() => 0);
    const entry = journal.open(OPENING);
    journal.forget('a');
    entry.complete('answered');
    expect(journal.read({}).entries).to.deep.equal([]);
  });
});
