import { expect } from 'chai';
import { assert, property, string } from 'fast-check';
import { readPreferences } from '../../../src/portal/http/prefer.ts';

describe('portal: the Prefer header (row 30)', () => {
  const read = (header: string) => Object.fromEntries(readPreferences(header));

  for (const [header, stated] of [
    ['', {}],
    ['respond-async', { 'respond-async': '' }],
    ['partial=multi-status', { partial: 'multi-status' }],
    ['Partial = multi-status', { partial: 'multi-status' }],
    ['partial="multi-status"', { partial: 'multi-status' }],
    ['partial="multi\\-status"', { partial: 'multi-status' }],
    ['partial=', { partial: '' }],
    ['partial=""', { partial: '' }],
    ['wait=10, partial=multi-status', { wait: '10', partial: 'multi-status' }],
    [', ,wait=10 ,, partial=multi-status,', { wait: '10', partial: 'multi-status' }],
    ['partial=multi-status; foo="a, b;"; bar;;baz=1', { partial: 'multi-status' }],
    ['foo; partial=multi-status', { foo: '' }],
    ['foo="x, partial=multi-status"', { foo: 'x, partial=multi-status' }],
    ['partial=whole, partial=multi-status', { partial: 'whole' }],
    ['partial=multi-status, @, b', { partial: 'multi-status' }],
    ['partial=multi-status @', {}],
    ['partial="multi-status', {}],
    ['@, partial=multi-status', {}],
    ['=multi-status', {}],
    ['__proto__=1', { ['__proto__']: '1' }],
  ] as const) {
    it(`${header || 'nothing'} states ${JSON.stringify(stated)}`, () => {
      expect(read(header)).to.deep.equal(stated);
    });
  }

  it('reads whatever may come without throwing', () => {
    assert(property(string(), (header) => void read(header)));
  });

  it('a header of the longest size takes no time, whatever it is made of', () => {
    const floods = ['"\\', ';', '; ', ' ', ',', 'a=', 'a="', 'a;', '\\"', 'partial=multi-status,'];
    for (const piece of floods) {
      for (const before of ['', 'a', 'a=', 'a="']) {
        readPreferences(`${before}${piece.repeat(200_000)}@`);
      }
    }
  });
});
