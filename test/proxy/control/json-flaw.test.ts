import { expect } from 'chai';
import * as fc from 'fast-check';
import { findFlaw } from '../../../src/proxy/control/json-flaw.ts';

describe('the search for what is wrong with a JSON text', () => {
  const flaws: readonly [string, string, string][] = [
    ['', '', 'line 1, column 1: expected a value, got the end of the body'],
    ['{"a": 1', 'a', 'line 1, column 8: expected "," or "}", got the end of the body'],
    ['{"a": [1,\n 2 3]}', 'a.1', 'line 2, column 4: expected "," or "]", got "3"'],
    ['{"a": [1,]}', 'a.1', 'expected a value, got "]"'],
    ['{"a": 1,}', '', 'expected a key in double quotes, got "}"'],
    ["{'a': 1}", '', 'expected a key in double quotes, got "\'"'],
    ['{"a" 1}', 'a', 'expected ":", got "1"'],
    ['{"a": "x\ny"}', 'a', 'expected a string that is whole, got "\\""'],
    ['{"a": "\\x"}', 'a', 'expected a string that is whole'],
    ['{"a": nul}', 'a', 'expected a value, got "n"'],
    ['[01]', '0', 'expected "," or "]", got "1"'],
    ['[NaN]', '0', 'expected a value, got "N"'],
    ['[]]', '', 'expected its end, got "]"'],
    ['{"a": {"b": 1, "b": 2}}', 'a.b', 'the key "b" is there twice'],
    ['{"a": [{}, {"b": 1, "\\u0062": 2}]}', 'a.1.b', 'the key "b" is there twice'],
    ['{"a": {"__proto__": 1}}', 'a.__proto__', 'unknown key "__proto__"'],
    ['{"a": {"__pr\\u006fto__": 1}}', 'a.__proto__', 'unknown key "__proto__"'],
    ['{"a": -1e999}', 'a', '-1e999 is too large'],
    ['[[[[[1]]]]]', '0.0.0.0', 'nested deeper than 4 levels'],
  ];
  for (const [text, path, message] of flaws) {
    it(`tells where and why: ${JSON.stringify(text)}`, () => {
      const flaw = findFlaw(text, 4);
      expect(flaw?.message).to.include(message);
      expect(flaw?.path.join('.')).to.equal(path);
    });
  }

  it('finds none in what JSON.stringify makes, however it is spaced', () =>
    fc.assert(
      fc.property(fc.jsonValue({ depthSize: 'small' }), fc.nat(3), (value, space) => {
        const text = JSON.stringify(value, null, space);
        const flaw = findFlaw(text, 1000);
        if (!text.includes('__proto__')) expect(flaw).to.equal(undefined);
      }),
    ));

  it('agrees with JSON.parse on what is JSON', () =>
    fc.assert(
      fc.property(
        fc.jsonValue(),
        fc.array(fc.tuple(fc.nat(), fc.constantFrom(...PIECES)), {
          maxLength: 3,
        }),
        fc.boolean(),
        (value, edits, replaces) => {
          let text = JSON.stringify(value);
          for (const [place, char] of edits) {
            const at = place % (text.length + 1);
            text = text.slice(0, at) + char + text.slice(at + (replaces ? 1 : 0));
          }
          const flaw = findFlaw(text, 1000);
          if (/twice|__proto__|too large/.test(flaw?.message ?? '')) return;
          expect(flaw === undefined, `${text}: ${flaw?.message}`).to.equal(isJson(text));
        },
      ),
      { numRuns: 2000 },
    ));

  it('takes a text of a million characters, whatever it holds', () => {
    for (const text of [
      `"${'x'.repeat(1e6)}"`,
      `"${'\\n'.repeat(5e5)}"`,
      `[${'1,'.repeat(5e5)}1]`,
      '['.repeat(1e6),
      '1'.repeat(1e6),
      ' '.repeat(1e6),
      `{${'"a":{'.repeat(2e5)}`,
    ])
      findFlaw(text, 32);
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

const PIECES = Array.from('{}[]",:\\01-e. \nntf\u0000');
