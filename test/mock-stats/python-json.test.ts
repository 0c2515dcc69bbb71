import { expect } from 'chai';
import * as fc from 'fast-check';
import { pythonFloat, toPythonJson } from '../../src/mock-stats/python-json.ts';

describe('JSON as Python writes it', () => {
  // What `python3 -c 'import json; print(json.dumps(x))'` prints.
  const floats: readonly (readonly [number, string])[] = [
    [0, '0.0'],
    [-0, '-0.0'],
    [14, '14.0'],
    [-3, '-3.0'],
    [2.5, '2.5'],
    [0.0001, '0.0001'],
    [0.00001, '1e-05'],
    [0.000012345, '1.2345e-05'],
    [1e15, '1000000000000000.0'],
    [1e16, '1e+16'],
    [123456789012345680, '1.2345678901234568e+17'],
    [1e22, '1e+22'],
    [5e-324, '5e-324'],
  ];
  for (const [value, text] of floats) {
    it(`writes the float ${value} as ${text}`, () => {
      expect(pythonFloat(value)).to.equal(text);
    });
  }

  it('puts a space after commas and colons and escapes all that is not ASCII', () => {
    const value = { 'ü"': [1, 'a\n\u007f', null, true, {}, []], n: { x: 1.5 } };
    expect(toPythonJson(value)).to.equal(
      '{"\\u00fc\\"": [1, "a\\n\\u007f", null, true, {}, []], "n": {"x": 1.5}}',
    );
  });

  it('says in ASCII what the value was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = toPythonJson(value);
        expect(text).to.match(/^[ -~]*$/);
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('keeps half of a surrogate pair', () => {
    expect(toPythonJson('\ud83d')).to.equal('"\\ud83d"');
  });

  it('refuses a value that contains itself', () => {
    const value: unknown[] = [];
    value.push(value);
    expect(() => toPythonJson(value)).to.throw(RangeError, 'nested more than 500 deep');
  });
});
