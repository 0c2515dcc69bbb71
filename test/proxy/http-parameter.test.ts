import { expect } from 'chai';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { operations } from '../../src/proxy/http-parameter.ts';

const parameter = operations('what is done', {});
const allows = new Ajv2020().compile(parameter.schema);

describe('the operations of a JSON Patch, as people write them', () => {
  for (const one of [
    { op: 'add', path: '/a/-', value: null },
    { op: 'replace', path: '', value: { b: [] } },
    { op: 'test', path: '/a~1b', value: 0 },
    { op: 'remove', path: '/a' },
    { op: 'move', from: '/a', path: '/ab' },
    { op: 'copy', from: '', path: '/a' },
  ]) {
    it(`may be ${JSON.stringify(one)}`, () => {
      expect(parameter.parse([one])).to.deep.equal([one]);
      expect(allows([one])).to.equal(true);
    });
  }

  for (const [value, problem] of [
    [{}, /^expected a list such as \[\{ op: replace, path: \/0\/score, value: 1 \}\], got \{\}$/],
    [[], /^expected a list .* got \[\]$/],
    [['remove'], /^operation 1: expected an object, got "remove"$/],
    [[[]], /^operation 1: expected an object, got \[\]$/],
    [[{ path: '/a' }], /^operation 1: expected op: add, remove, .*, got undefined$/],
    [
      [{ op: 'replce', path: '/a', value: 1 }],
      /^operation 1: .*got "replce", did you mean "replace"\?$/,
    ],
    [[{ op: 'constructor', path: '/a' }], /^operation 1: expected op/],
    [
      [
        { op: 'remove', path: '/a' },
        { op: 'add', path: '/a' },
      ],
      /^operation 2: add needs value$/,
    ],
    [[{ op: 'remove' }], /^operation 1: remove needs path$/],
    [[{ op: 'copy', path: '/a' }], /^operation 1: copy needs from$/],
    [[{ op: 'remove', path: 'a' }], /^operation 1: path: expected a JSON pointer .*, got "a"$/],
    [[{ op: 'move', from: '/a~2', path: '/b' }], /^operation 1: from: expected a JSON pointer/],
    [[{ op: 'remove', path: '/a', value: 1 }], /^operation 1: remove takes no "value"/],
    [
      [{ op: 'add', path: '/a', valeu: 1, value: 1 }],
      /^operation 1: add takes no "valeu", did you mean "value"\?$/,
    ],
  ] as const) {
    it(`may not be ${JSON.stringify(value)}`, () => {
      expect(() => parameter.parse(value)).to.throw(RangeError, problem);
      expect(allows(value)).to.equal(false);
    });
  }

  for (const [value, problem] of [
    [
      [{ op: 'remove', path: '' }],
      /^operation 1: without the whole document there is no JSON left$/,
    ],
    [[{ op: 'move', from: '/a', path: '/a/b' }], /^operation 1: nothing can be moved into itself$/],
  ] as const) {
    it(`may not be ${JSON.stringify(value)}, which no schema can say`, () => {
      expect(() => parameter.parse(value)).to.throw(RangeError, problem);
    });
  }
});
