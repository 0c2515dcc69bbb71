import { expect } from 'chai';
import * as fc from 'fast-check';
import { pointerKeys, pointerTo, valueAt } from '../../src/common/json-pointer.ts';

describe('a JSON pointer', () => {
  // The value of RFC 6901, section 5.
  const value = {
    foo: ['bar', 'baz'],
    '': 0,
    'a/b': 1,
    'c%d': 2,
    'e^f': 3,
    'g|h': 4,
    'i\\j': 5,
    'k"l': 6,
    ' ': 7,
    'm~n': 8,
    'o~1p': 9,
  };
  const pointers: readonly (readonly [string, unknown])[] = [
    ['', value],
    ['/foo', value.foo],
    ['/foo/0', 'bar'],
    ['/', 0],
    ['/a~1b', 1],
    ['/c%d', 2],
    ['/e^f', 3],
    ['/g|h', 4],
    ['/i\\j', 5],
    ['/k"l', 6],
    ['/ ', 7],
    ['/m~0n', 8],
    ['/o~01p', 9],
  ];
  for (const [pointer, found] of pointers) {
    it(`"${pointer}" leads to ${JSON.stringify(found)}`, () => {
      expect(valueAt(value, pointer)).to.deep.equal(found);
    });
  }

  for (const pointer of [
    '/bar',
    '/foo/2',
    '/foo/00',
    '/foo/-',
    '/foo/length',
    '/foo/0/0',
    '/foo/0/length',
    '/toString',
    '/__proto__',
    '/foo/map',
  ]) {
    it(`"${pointer}" leads nowhere`, () => {
      expect(valueAt(value, pointer)).to.equal(undefined);
    });
  }

  it('leads nowhere below null', () => {
    expect(valueAt({ a: null }, '/a')).to.equal(null);
    expect(valueAt({ a: null }, '/a/b')).to.equal(undefined);
  });

  it('reads a key of JSON that has the name of a property', () => {
    expect(valueAt(JSON.parse('{"__proto__": 1}'), '/__proto__')).to.equal(1);
    expect(valueAt({ length: 2 }, '/length')).to.equal(2);
  });

  it('gives back the keys that it was made of', () => {
    const key = fc.oneof(fc.string(), fc.nat().map(String), fc.constantFrom('~', '/', '~1', '~01'));
    fc.assert(
      fc.property(fc.array(key), (keys) => {
        expect(pointerKeys(keys.reduce(pointerTo, ''))).to.deep.equal(keys);
      }),
    );
  });

  it('made of the keys on the way to a value leads to it', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (root) => {
        const visit = (value: unknown, pointer: string): void => {
          expect(valueAt(root, pointer)).to.equal(value);
          if (typeof value !== 'object' || value === null) return;
          for (const [key, below] of Object.entries(value)) visit(below, pointerTo(pointer, key));
        };
        visit(root, '');
      }),
    );
  });
});
