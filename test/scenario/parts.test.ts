import { expect } from 'chai';
import * as fc from 'fast-check';
import { valueAt } from '../../src/common/json-pointer.ts';
import { differences } from '../../src/scenario/judge/difference.ts';
import { interpolate } from '../../src/scenario/load/interpolate.ts';
import { match } from '../../src/scenario/judge/matcher.ts';
import { pause } from '../../src/scenario/run/pause.ts';
import { createSlots } from '../../src/scenario/run/slots.ts';
import { watchStalls } from '../../src/scenario/run/stall.ts';

const NONE = new Set<string>();

describe('differences', () => {
  it('there are none between a value and itself', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(differences(value, structuredClone(value), NONE)).to.deep.equal([]);
      }),
    );
  });

  it('each pointer leads to two values that differ, and values that differ have one', () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 3 }), fc.jsonValue({ maxDepth: 3 }), (a, b) => {
        const [one, other] = [JSON.stringify(a), JSON.stringify(b)].map((x) => JSON.parse(x));
        const found = differences(one, other, NONE);
        expect(found.length === 0).to.equal(same(one, other));
        for (const { pointer, expected, got } of found) {
          expect(valueAt(one, pointer)).to.equal(expected);
          expect(valueAt(other, pointer)).to.equal(got);
          expect(same(expected, got)).to.equal(false);
        }
      }),
    );
  });

  it('see what is shorter, longer, of another type or null', () => {
    const pointers = (a: unknown, b: unknown) => differences(a, b, NONE).map((d) => d.pointer);
    expect(pointers([1, 2], [1])).to.deep.equal(['/1']);
    expect(pointers([1], [1, null])).to.deep.equal(['/1']);
    expect(pointers([], {})).to.deep.equal(['']);
    expect(pointers({ a: null }, {})).to.deep.equal(['/a']);
    expect(pointers({ a: 1 }, { a: '1' })).to.deep.equal(['/a']);
    expect(pointers({ 'a/b~': 1 }, {})).to.deep.equal(['/a~1b~0']);
    expect(pointers(0, -0)).to.deep.equal([]);
  });

  it('leave out what stands at or below an ignored pointer', () => {
    expect(differences({ a: { b: 1 }, ab: 1 }, {}, new Set(['/a']))).to.deep.equal([
      { pointer: '/ab', expected: 1, got: undefined },
    ]);
  });
});

describe('a matcher', () => {
  const cases: [unknown, unknown, boolean][] = [
    [{ equals: { type: 'x' } }, { type: 'x' }, true],
    [{ equals: 1 }, '1', false],
    [{ contains: 'b' }, 'abc', true],
    [{ contains: 'b' }, ['b', 'c'], true],
    [{ contains: 'b' }, ['abc'], false],
    [{ contains: 1 }, [[1]], false],
    [{ contains: { a: 1 } }, [{ a: 1, b: 2 }], true],
    [{ contains: { a: 1 } }, { a: 1, b: 2 }, true],
    [{ contains: { a: { b: 1 } } }, { a: { b: 1, c: 2 } }, true],
    [{ contains: { a: 2 } }, { a: 1 }, false],
    [{ contains: 'b' }, undefined, false],
    [{ contains: { constructor: 1 } }, {}, false],
    [{ type: 'array' }, [], true],
    [{ type: 'null' }, null, true],
    [{ type: 'object' }, null, false],
    [{ type: 'object' }, [], false],
    [{ type: 'number' }, '1', false],
    [{ length: 2 }, [1, 2], true],
    [{ length: 2 }, 'ab', true],
    [{ length: 2 }, { length: 2 }, false],
    [{ absent: true }, undefined, true],
    [{ absent: true }, null, false],
    [{ absent: false }, null, true],
    [{ absent: false }, undefined, false],
    [{ type: 'array', length: 1 }, [1], true],
    [{ type: 'array', length: 1 }, [], false],
    [{ 'matches-baseline': true }, [1], true],
    [{ 'matches-baseline': true }, [2], false],
    [{ type: 'x', name: 'y' }, { type: 'x', name: 'y' }, true],
    [{}, {}, true],
    [{}, { a: 1 }, false],
    [[], [], true],
    [null, null, true],
    [null, undefined, false],
  ];
  for (const [wanted, got, holds] of cases) {
    it(`${JSON.stringify(wanted)} ${holds ? 'holds' : 'does not hold'} of ${JSON.stringify(got)}`, () => {
      expect(match(wanted, got, '/x', [1]).length === 0).to.equal(holds);
    });
  }
});

describe('interpolation', () => {
  it('keeps the type of a variable that stands alone, in values and not in keys', () => {
    const values = { n: 1, list: [1], text: 'b' };
    expect(
      interpolate({ a: '${n}', b: ['${list}'], c: 'x${n}${text}', 'k-${text}': '$n {n}' }, values),
    ).to.deep.equal({ a: 1, b: [[1]], c: 'x1b', 'k-b': '$n {n}' });
  });

  for (const name of ['constructor', '__proto__', 'toString', 'nn'])
    it(`an unknown variable is an error: ${name}`, () => {
      expect(() => interpolate({ a: [`x \${${name}}`] }, { n: 1 })).to.throw(
        `a.0: unknown \${${name}}`,
      );
    });
});

describe('slots', () => {
  it('never hold more than their number, and one that rests holds none', async () => {
    const slots = createSlots(3);
    let [working, most] = [0, 0];
    const work = async () => {
      most = Math.max(most, ++working);
      await new Promise((resolve) => setImmediate(resolve));
      working--;
    };
    await Promise.all(
      Array.from({ length: 20 }, () =>
        slots.use(async (slot) => {
          await work();
          await slot.rest(() => new Promise((resolve) => setTimeout(resolve, 5)));
          await work();
        }),
      ),
    );
    expect(most).to.equal(3);
  });

  it('are given first to those that come back', async () => {
    const slots = createSlots(1);
    const order: string[] = [];
    let wake = () => {};
    const first = slots.use(async (slot) => {
      await slot.rest(() => new Promise<void>((resolve) => (wake = resolve)));
      order.push('back');
    });
    const second = slots.use(async () => {
      wake();
      await new Promise((resolve) => setImmediate(resolve));
      order.push('second');
    });
    const third = slots.use(async () => void order.push('third'));
    await Promise.all([first, second, third]);
    expect(order).to.deep.equal(['second', 'back', 'third']);
  });

  it('come back after an error, in the work and in the rest', async () => {
    const slots = createSlots(1);
    const fail = () => Promise.reject(new Error('no'));
    await slots.use(fail).catch(() => undefined);
    await slots.use((slot) => slot.rest(fail)).catch(() => undefined);
    expect(await slots.use(async () => 'free')).to.equal('free');
  });
});

describe('a pause', () => {
  it('ends when its signal aborts, before or meanwhile', async () => {
    const stop = new AbortController();
    const waiting = pause(60_000, stop.signal);
    stop.abort(new Error('stopped'));
    const message = (error: Error) => error.message;
    expect(await waiting.catch(message)).to.equal('stopped');
    expect(await pause(60_000, stop.signal).catch(message)).to.equal('stopped');
  });
});

describe('the stall watch', () => {
  it('sees a stall of this process, and only while it is asked to', async () => {
    using stalls = watchStalls();
    const before = stalls.since();
    await pause(50, new AbortController().signal);
    const calm = before();
    const busy = stalls.since();
    const end = performance.now() + 150;
    while (performance.now() < end);
    expect(busy()).to.be.at.least(100);
    expect(before()).to.equal(calm);
  });
});

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [x, y] = [a as Record<string, unknown>, b as Record<string, unknown>];
  const keys = Object.keys(x);
  return (
    keys.length === Object.keys(y).length &&
    keys.every((key) => Object.hasOwn(y, key) && same(x[key], y[key]))
  );
}
