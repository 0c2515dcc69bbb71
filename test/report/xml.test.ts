import { expect } from 'chai';
import * as fc from 'fast-check';
import { element } from '../../src/report/xml.ts';
import { readXml } from './xml-reader.ts';

describe('an XML element', () => {
  it('is read again as it was meant, whatever it holds', () => {
    fc.assert(
      fc.property(fc.string({ unit }), fc.string({ unit, minLength: 1 }), (value, text) => {
        const read = readXml(element('a', { value }, text));
        expect(read.attributes['value']).to.equal(visible(value));
        expect(read.text).to.equal(visible(text));
      }),
      { numRuns: 500 },
    );
  });

  it('shows what XML cannot hold', () => {
    expect(element('a', { b: '\u0000"' }, ']]>\ud800\uffff\r')).to.equal(
      '<a b="\\u0000&quot;">]]&gt;\\ud800\\uffff&#13;</a>',
    );
  });

  it('keeps line breaks and tabs in an attribute', () => {
    expect(readXml(element('a', { b: 'x\n\ty\r' })).attributes['b']).to.equal('x\n\ty\r');
  });

  it('leaves out what is null', () => {
    expect(element('a', { b: null, c: 0 })).to.equal('<a c="0"/>');
  });
});

/** The reader is strict, or the tests above say nothing. */
describe('the reader of the tests', () => {
  for (const text of [
    '<a>\u0000</a>',
    '<a>]]></a>',
    '<a b="<"/>',
    '<a><b></a>',
    '<a/><b/>',
    '<a>&x;</a>',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(() => readXml(text)).to.throw();
    });
  }
});

const unit = fc.oneof(
  fc.constantFrom(
    '<',
    '>',
    '&',
    '"',
    "'",
    '\n',
    '\r',
    '\t',
    ']',
    ']]>',
    '<!--',
    '\u0000',
    '\u001b',
    '\u0085',
    '\u2028',
  ),
  fc.constantFrom('\ud800', '\udc00', '\ufffe', '\uffff', '😀', 'é'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
);

/** What stands for the characters that XML cannot hold, told in another way than the code does. */
function visible(text: string): string {
  return Array.from(text)
    .map((character) => {
      const code = character.codePointAt(0) ?? 0;
      const control = (code < 32 && !'\t\n\r'.includes(character)) || (code >= 127 && code < 160);
      const unfit = (code >= 0xd800 && code < 0xe000) || code === 0xfffe || code === 0xffff;
      return control || unfit ? `\\u${code.toString(16).padStart(4, '0')}` : character;
    })
    .join('');
}
