import { expect } from 'chai';
import { label, NAMES, testBook } from '../rule-book.ts';

describe('a trigger of time', () => {
  const cases: readonly [object, Readonly<Record<number, boolean>>][] = [
    [{ after: '5s' }, { 0: false, 4999.9: false, 5000: true, 3_600_000: true }],
    [{ after: '0ms' }, { 0: true, 1: true }],
    [{ for: '10s' }, { 0: true, 9999.9: true, 10_000: false, 20_000: false }],
    [{ for: '0ms' }, { 0: false, 1: false }],
    [
      { after: '5s', for: '10s' },
      { 0: false, 4999: false, 5000: true, 14_999: true, 15_000: false },
    ],
    [
      { for: '10s', after: '5s' },
      { 0: false, 4999: false, 5000: true, 14_999: true, 15_000: false },
    ],
    [
      { flap: { up: '2s', down: '1s' } },
      { 0: false, 1999: false, 2000: true, 2999: true, 3000: false, 4999: false, 5000: true },
    ],
    [
      { flap: { up: '2s', down: '1s' }, for: '3s' },
      { 1999: false, 2000: true, 2999: true, 3000: false, 5000: false },
    ],
    [
      { flap: { up: '2s', down: '1s' }, after: '10s' },
      { 2500: false, 10_000: false, 11_999: false, 12_000: true, 13_000: false },
    ],
  ];
  for (const [trigger, truths] of cases) {
    it(`holds when it should with ${JSON.stringify(trigger)}`, () => {
      const { at, add, ask } = testBook();
      add({ trigger });
      for (const [ms, holds] of Object.entries(truths)) {
        at(Number(ms));
        expect(ask().length > 0, `at ${ms} ms`).to.equal(holds);
      }
    });
  }

  it('counts from when its own rule came', () => {
    const { at, add, ask } = testBook();
    add({ trigger: { for: '1s' } });
    at(900);
    add({ trigger: { for: '1s' } });
    expect(ask()).to.deep.equal(['r1 empty request', 'r2 empty request']);
    at(1100);
    expect(ask()).to.deep.equal(['r2 empty request']);
    at(1900);
    expect(ask()).to.deep.equal([]);
  });

  it('counts on when its rule is replaced', () => {
    const { book, at, add, ask } = testBook();
    const old = add({ trigger: { after: '1s' } });
    at(900);
    add({ trigger: { after: '1s' } }, { old });
    book.remove(old);
    expect(ask()).to.deep.equal([]);
    at(1000);
    expect(ask()).to.deep.equal(['r1 empty request']);
  });

  it('holds for connections as for requests', () => {
    const { book, at, add } = testBook();
    const rule = add({ inject: 'reset', trigger: { after: '1s', for: '1s' } });
    const scope = { run: 'any', upstream: Object.keys(NAMES)[0] ?? '' };
    for (const [ms, hit] of [
      [999, []],
      [1000, ['r1 reset accept']],
      [2000, []],
    ] as const) {
      at(ms);
      expect(book.onConnection(scope).map(label)).to.deep.equal(hit);
      expect(book.onLive(rule).map(label)).to.deep.equal(hit);
    }
  });

  it('lets the ordinal count what it does not let act', () => {
    const { at, add, ask } = testBook();
    add({ trigger: { after: '1s', nth: [2, 4] } });
    expect([ask(), ask(), ask()]).to.deep.equal([[], [], []]);
    at(1000);
    expect([ask(), ask()]).to.deep.equal([['r1 empty request'], []]);
  });
});
