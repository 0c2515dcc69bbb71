import { expect } from 'chai';
import type { Operation } from '../../src/proxy/http-parameter.ts';
import { patched } from '../../src/proxy/json-patch.ts';

interface Case {
  readonly of: unknown;
  readonly by: readonly Operation[];
  readonly is: unknown;
}

const add = (path: string, value: unknown): Operation => ({ op: 'add', path, value });
const replace = (path: string, value: unknown): Operation => ({ op: 'replace', path, value });
const test = (path: string, value: unknown): Operation => ({ op: 'test', path, value });
const remove = (path: string): Operation => ({ op: 'remove', path });
const copy = (from: string, path: string): Operation => ({ op: 'copy', from, path });
const move = (from: string, path: string): Operation => ({ op: 'move', from, path });

/** The examples of RFC 6902, appendix A, and what else the RFC says. */
const APPLIED: Readonly<Record<string, Case>> = {
  'A.1 adds a member': {
    of: { foo: 'bar' },
    by: [add('/baz', 'qux')],
    is: { baz: 'qux', foo: 'bar' },
  },
  'A.2 adds an element': {
    of: { foo: ['bar', 'baz'] },
    by: [add('/foo/1', 'qux')],
    is: { foo: ['bar', 'qux', 'baz'] },
  },
  'A.3 removes a member': {
    of: { baz: 'qux', foo: 'bar' },
    by: [remove('/baz')],
    is: { foo: 'bar' },
  },
  'A.4 removes an element': {
    of: { foo: ['bar', 'qux', 'baz'] },
    by: [remove('/foo/1')],
    is: { foo: ['bar', 'baz'] },
  },
  'A.5 replaces a value': { of: { baz: 'qux' }, by: [replace('/baz', 'boo')], is: { baz: 'boo' } },
  'A.6 moves a value': {
    of: { foo: { bar: 'baz', waldo: 'fred' }, qux: { corge: 'grault' } },
    by: [move('/foo/waldo', '/qux/thud')],
    is: { foo: { bar: 'baz' }, qux: { corge: 'grault', thud: 'fred' } },
  },
  'A.7 moves an element': {
    of: { foo: ['all', 'grass', 'cows', 'eat'] },
    by: [move('/foo/1', '/foo/3')],
    is: { foo: ['all', 'cows', 'eat', 'grass'] },
  },
  'A.8 tests a value': {
    of: { baz: 'qux', foo: ['a', 2, 'c'] },
    by: [test('/baz', 'qux'), test('/foo/1', 2)],
    is: { baz: 'qux', foo: ['a', 2, 'c'] },
  },
  'A.10 adds a nested member': {
    of: { foo: 'bar' },
    by: [add('/child', { grandchild: {} })],
    is: { foo: 'bar', child: { grandchild: {} } },
  },
  'A.14 knows ~ and /': {
    of: { '/': 9, '~1': 10 },
    by: [test('/~01', 10), remove('/~1')],
    is: { '~1': 10 },
  },
  'A.16 adds an array at the end': {
    of: { foo: ['bar'] },
    by: [add('/foo/-', ['abc'])],
    is: { foo: ['bar', ['abc']] },
  },
  'replaces the whole document': { of: { foo: 1 }, by: [replace('', [1])], is: [1] },
  'adds over the whole document': { of: [1], by: [add('', { a: 1 })], is: { a: 1 } },
  'sets null': { of: { a: 1 }, by: [replace('/a', null)], is: { a: null } },
  'replaces null': { of: { a: null }, by: [replace('/a', 1)], is: { a: 1 } },
  'adds right behind the last element': { of: [1], by: [add('/1', 2)], is: [1, 2] },
  'moves a value to where it is': { of: { a: 1 }, by: [move('/a', '/a')], is: { a: 1 } },
  'tests the order of an array, not of members': {
    of: { a: { b: 1, c: [1, 2] } },
    by: [test('/a', { c: [1, 2], b: 1 })],
    is: { a: { b: 1, c: [1, 2] } },
  },
  'knows a member constructor': {
    of: { constructor: { name: 'Lotus' } },
    by: [replace('/constructor/name', 'x')],
    is: { constructor: { name: 'x' } },
  },
  'knows a member length': { of: { length: 1 }, by: [replace('/length', 2)], is: { length: 2 } },
  'adds a member that all objects inherit': {
    of: {},
    by: [add('/toString', 1)],
    is: { toString: 1 },
  },
};

const REFUSED: Readonly<Record<string, Omit<Case, 'is'>>> = {
  'A.9 a test that fails': { of: { baz: 'qux' }, by: [test('/baz', 'bar')] },
  'A.12 a parent that is not there': { of: { foo: 'bar' }, by: [add('/baz/bat', 'qux')] },
  'A.15 a number that is a text': { of: { '/': 9 }, by: [test('/~1', '9')] },
  'a removal of what is not there': { of: { a: 1 }, by: [remove('/b')] },
  'a replacement of what is not there': { of: { a: 1 }, by: [replace('/b', 1)] },
  'a copy of what is not there': { of: { a: 1 }, by: [copy('/b', '/a')] },
  'a move of what is not there': { of: { a: 1 }, by: [move('/b', '/a')] },
  'a move into itself': { of: { a: { b: 1 } }, by: [move('/a', '/a/b')] },
  'an index behind the end': { of: [1], by: [add('/2', 1)] },
  'a copy behind the end': { of: [1], by: [copy('/0', '/9')] },
  'an index that is none': { of: [1], by: [add('/x', 1)] },
  'an index with a zero before it': { of: [1, 2], by: [replace('/01', 1)] },
  'an added index with a zero before it': { of: [1, 2], by: [add('/01', 1)] },
  'a replacement behind the end': { of: [1], by: [replace('/-', 1)] },
  'a removal behind the end': { of: [1], by: [remove('/-')] },
  'the length of an array': { of: [1, 2], by: [replace('/length', 0)] },
  'what all objects inherit': { of: {}, by: [replace('/toString', 1)] },
  'a place in a text': { of: { a: 'text' }, by: [add('/a/0', 1)] },
  'a place in null': { of: { a: null }, by: [add('/a/b', 1)] },
  'a place in a document that is a number': { of: 5, by: [add('/a', 1)] },
  'the prototype': { of: {}, by: [add('/__proto__/a', 1)] },
  'the prototype’s place': { of: {}, by: [add('/__proto__', { a: 1 })] },
  'the prototype by its constructor': { of: {}, by: [add('/constructor/prototype/a', 1)] },
};

describe('a JSON Patch', () => {
  for (const [what, { of, by, is }] of Object.entries(APPLIED)) {
    it(what, () => {
      expect(patched(structuredClone(of), by)).to.deep.equal(is);
    });
  }

  for (const [what, { of, by }] of Object.entries(REFUSED)) {
    it(`cannot be applied: ${what}`, () => {
      expect(() => patched(structuredClone(of), by)).to.throw(Error);
      expect({}).not.to.have.property('a');
    });
  }
});
