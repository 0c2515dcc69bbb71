import { expect } from 'chai';
import * as fc from 'fast-check';
import { createBooks } from '../../../src/proxy/journal-books.ts';

const CAPACITY = { entries: 20, strangers: 20, strangeRuns: 4 };

describe('the books of the journal', () => {
  it('hold no more of strangers than they may, whoever comes in whatever order', () =>
    fc.assert(
      fc.property(fc.array(fc.nat(30), { maxLength: 300 }), (runs) => {
        const known = (run: string) => Number(run) > 25;
        const books = createBooks<{ run: string; n: number }>(CAPACITY, known);
        const came = new Map<string, number>();
        for (const [n, number] of runs.entries()) {
          const run = String(number);
          books.keep({ run, n });
          came.set(run, (came.get(run) ?? 0) + 1);
          const strange = [...came.keys()]
            .filter((name) => !known(name))
            .map((name) => books.read(name)[0]?.rows.length ?? 0);
          expect(strange.reduce((sum, count) => sum + count, 0)).to.be.at.most(20);
          expect(strange.filter(Boolean).length).to.be.at.most(4);
          expect(
            books.read(run)[0]?.rows.some((row) => row.n === n),
            'the last is there',
          ).to.equal(true);
        }
        for (const [run, count] of came) {
          const [book] = books.read(run);
          const missing = (book?.rows.length ?? 0) < count;
          expect(book?.overflowed, `${run} says whether something is missing`).to.equal(missing);
        }
      }),
    ));

  it('keep what was a stranger once rules came for it', () => {
    const known = new Set<string>();
    const books = createBooks<{ run: string }>(CAPACITY, (run) => known.has(run));
    books.keep({ run: 'a' });
    known.add('a');
    for (let i = 0; i < 10; i++) books.keep({ run: `s${i}` });
    expect(books.read('a')[0]).to.deep.include({ rows: [{ run: 'a' }], overflowed: false });
  });
});
