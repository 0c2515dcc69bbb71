import { expect } from 'chai';
import { NOTHING } from '../../src/proxy/rules.ts';
import { headOf, testBook } from './rule-book.ts';

describe('the rules that stand', () => {
  it('are asked by call, path, segment or anything else, and act in the order in which they came', () => {
    const { add, ask } = testBook();
    const rules = [
      { match: { headers: { a: 'b' } } },
      { match: 'GET /stats/:user' },
      { match: { method: 'GET' } },
      { on: 'player-stats' },
      { match: 'GET /stats/ann' },
      {},
    ];
    for (const [i, rule] of rules.entries())
      add({ ...rule, inject: { status: 500 + i } }, i % 2 === 0 ? {} : { run: 'x' });
    const asked = { run: 'x', call: 'player-stats', target: '/stats/ann', headers: { a: 'b' } };
    expect(ask(asked).map((one) => one.split(' ')[0])).to.deep.equal([
      'r1',
      'x.r1',
      'r2',
      'x.r2',
      'r3',
      'x.r3',
    ]);
  });

  const paths: readonly [string, readonly string[], readonly string[]][] = [
    ['/a', ['/a', '/a/'], ['/', '/a//', '/a/b', '/b']],
    ['/a/', ['/a/', '/a//'], ['/a', '/a/b']],
    ['/', ['/', '//'], ['/a', '///']],
    ['//a', ['//a'], ['/a', '/']],
    ['/a/:b', ['/a/b', '/a/b/'], ['/a', '/a/', '/b/b', '/a/b/c']],
    ['/a{/:b}', ['/a', '/a/b'], ['/ab', '/a/b/c']],
    ['/a{/b}', ['/a', '/a/b'], ['/b']],
    ['/a/{b/}c', ['/a/c', '/a/b/c'], ['/a/b']],
    ['/:a/b', ['/x/b', '/y/b'], ['/x', '/x/c']],
    ['/*rest', ['/a', '/a/b'], ['']],
    ['*rest', ['/a', '*'], ['']],
    ['/a\\:b', ['/a:b'], ['/axb']],
    ['/a-:b', ['/a-1'], ['/a/1', '/b']],
  ];
  for (const [path, meant, others] of paths) {
    it(`are found by the path ${path} wherever it fits, and nowhere else`, () => {
      const { add, ask } = testBook();
      add({ match: { path } });
      for (const target of meant) expect(ask({ target }), target).to.have.length(1);
      for (const target of others) expect(ask({ target }), target).to.have.length(0);
    });
  }

  for (const [what, ruleOf, asked] of [
    ['path', (i: number) => ({ match: { method: 'GET', path: `/p${i}` } }), { target: '/p7' }],
    [
      'segment',
      (i: number) => ({ match: { method: 'GET', path: `/p${i}/:x` } }),
      { target: '/p7/a' },
    ],
    ['run', () => ({ match: { method: 'GET' } }), { run: 'run-7' }],
    [
      'upstream',
      (i: number) => ({ match: { method: 'GET' }, on: i === 7 ? 'stats' : 'other' }),
      {},
    ],
  ] as const) {
    it(`are not asked about a request of another ${what}`, () => {
      const { book, add } = testBook();
      for (let i = 0; i < 500; i++) add(ruleOf(i), what === 'run' ? { run: `run-${i}` } : {});
      let looks = 0;
      const head = {
        ...headOf(asked),
        get method() {
          looks++;
          return 'GET';
        },
      };
      const scope = { run: null, upstream: 'stats', ...asked };
      expect(book.onRequest(scope, head, null).firings).to.have.length(1);
      expect(looks).to.equal(1);
    });
  }

  it('give the very same NOTHING wherever none acts or waits', () => {
    const { book, add, decide } = testBook();
    expect(decide()).to.equal(NOTHING);
    add({ on: 'leaderboard' });
    add({ inject: 'reset' });
    add({ trigger: { first: 0 } });
    const response = add({ match: { body: { '/a': 1 } } });
    add({ match: 'GET /a' }, { run: 'x' });
    const other = { upstream: 'other', target: '/a' };
    expect(decide({ ...other, run: 'x' })).to.equal(NOTHING);
    expect(book.onBody([response], Buffer.from('{}'))).to.equal(NOTHING);
    book.remove(response);
    expect(decide({ call: 'player-stats', target: '/b' })).to.equal(NOTHING);
  });

  it('are gone when they are lifted, and leave nothing that is asked', () => {
    const { book, add, ask } = testBook();
    const rules = ['GET /a', 'GET /a/:b', { method: 'GET' }].map((match) => add({ match }));
    const more = add({ on: 'leaderboard', inject: ['reset'] });
    for (const rule of [...rules, more]) book.remove(rule);
    // Twice is once.
    for (const rule of rules) book.remove(rule);
    for (const target of ['/a', '/a/b', '/'])
      expect(ask({ target, call: 'leaderboard' })).to.have.length(0);
    expect(book.list()).to.deep.equal([]);
  });

  it('keep the place of one that is replaced', () => {
    const { book, add, ask } = testBook();
    add({});
    const old = add({});
    add({});
    add({ on: 'stats', match: 'GET /' }, { old });
    book.remove(old);
    expect(book.list().map(({ id }) => id)).to.deep.equal(['r1', 'r2', 'r3']);
    expect(ask().map((one) => one.split(' ')[0])).to.deep.equal(['r1', 'r2', 'r3']);
  });

  it('act on connections where they say nothing of requests', () => {
    const { book, add, ask } = testBook();
    add({ inject: ['reset', 'empty'] });
    add({ inject: { hang: 'accept' } }, { run: 'x' });
    add({ on: 'leaderboard', inject: 'reset' });
    const on = (run: string | null) =>
      book
        .onConnection({ run, upstream: 'stats' })
        .map(({ rule, fault }) => `${rule.id} ${fault.name}`);
    expect(on('x')).to.deep.equal(['r1 reset', 'x.r1 hang']);
    expect(on(null)).to.deep.equal(['r1 reset']);
    expect(on('y')).to.deep.equal(['r1 reset']);
    expect(ask({ call: 'leaderboard' })).to.deep.equal(['r1 empty request', 'r2 reset request']);
  });
});
