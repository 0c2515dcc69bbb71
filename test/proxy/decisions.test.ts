import { expect } from 'chai';
import { NOTHING, type ActiveRule } from '../../src/proxy/rules.ts';
import { label, responseOf, testBook } from './rule-book.ts';

describe('a rule that asks for more than the request’s head', () => {
  const ann = Buffer.from('{"user":"ann"}');
  const bob = Buffer.from('{"user":"bob"}');
  const ids = (rules: readonly ActiveRule[]) => rules.map(({ id }) => id);

  it('waits for the body, and acts if it fits', () => {
    const { book, add, decide } = testBook();
    add({ match: { method: 'POST', body: { '/user': 'ann' } } });
    add({});
    const { firings, needBody, needResponse } = decide({ method: 'POST' });
    expect(firings.map(label)).to.deep.equal(['r2 empty request']);
    expect(ids(needBody)).to.deep.equal(['r1']);
    expect(needResponse).to.deep.equal([]);
    expect(book.onBody(needBody, ann).firings.map(label)).to.deep.equal(['r1 empty request']);
    expect(book.onBody(needBody, bob)).to.equal(NOTHING);
    expect(decide().needBody).to.deep.equal([]);
  });

  it('waits for the response, and answers in its place', () => {
    const { book, add, decide } = testBook();
    add({
      match: { response: { status: '5xx' } },
      inject: [{ mutate: 'nullify' }, 'empty', 'reset'],
    });
    const { firings, needBody, needResponse } = decide();
    expect([firings, needBody]).to.deep.equal([[], []]);
    expect(book.onResponse(needResponse, responseOf(200))).to.deep.equal([]);
    expect(book.onResponse(needResponse, responseOf(502)).map(label)).to.deep.equal([
      'r1 empty headers',
      'r1 reset headers',
      'r1 mutate body',
    ]);
  });

  it('waits for both, one after the other', () => {
    const { book, add, decide } = testBook();
    add({ match: { body: { '/user': 'ann' }, response: { status: 200 } } });
    const { needBody, needResponse } = decide();
    expect([ids(needBody), ids(needResponse)]).to.deep.equal([['r1'], []]);
    expect(book.onBody(needBody, bob)).to.equal(NOTHING);
    const then = book.onBody(needBody, ann);
    expect([then.firings, ids(then.needBody), ids(then.needResponse)]).to.deep.equal([
      [],
      [],
      ['r1'],
    ]);
    expect(book.onResponse(then.needResponse, responseOf(200)).map(label)).to.deep.equal([
      'r1 empty headers',
    ]);
  });

  it('counts when all of it is known to hold, and not before', () => {
    const { book, add, decide } = testBook();
    add({ match: { body: { '/user': 'ann' }, response: { status: 500 } }, trigger: { nth: 2 } });
    const turn = (body: Buffer, status: number) => {
      const { needResponse } = book.onBody(decide().needBody, body);
      return book.onResponse(needResponse, responseOf(status)).length;
    };
    expect([
      turn(ann, 500),
      turn(bob, 500),
      turn(ann, 200),
      turn(ann, 500),
      turn(ann, 500),
    ]).to.deep.equal([0, 0, 0, 1, 0]);
  });

  it('decides nothing any more when it is lifted or replaced meanwhile', () => {
    const { book, add, decide } = testBook();
    const rule = add({ match: { body: { '/user': 'ann' } } });
    const { needBody } = decide();
    book.remove(rule);
    expect(book.onBody(needBody, ann)).to.equal(NOTHING);
    const other = add({ match: { response: { status: 200 } } });
    const { needResponse } = decide();
    add({}, { old: other });
    book.remove(other);
    expect(book.onResponse(needResponse, responseOf(200))).to.deep.equal([]);
  });
});

describe('what a rule remembers', () => {
  it('is made once for each of its faults, and goes when it is lifted', () => {
    const { book, add, decide } = testBook();
    const rule = add({ inject: [{ status: 503 }, { status: 503 }] });
    const seen = () =>
      decide().firings.map((firing) => firing.rule.remember(firing, () => ({ at: {} })));
    const [one, two] = seen();
    expect(one).not.to.equal(two);
    expect(seen()).to.deep.equal([one, two]);
    const [again] = seen();
    expect(again).to.equal(one);
    book.remove(rule);
    add({ inject: [{ status: 503 }] });
    expect(seen()[0]).not.to.equal(one);
  });

  it('may be nothing, and is not made anew for that', () => {
    const { add, decide } = testBook();
    const rule = add({});
    let made = 0;
    const [fault] = decide().firings;
    if (!fault) throw new Error('did not act');
    for (let i = 0; i < 2; i++) rule.remember(fault, () => void made++);
    expect(made).to.equal(1);
  });
});
