import { expect } from 'chai';
import { didYouMean } from '../../src/common/suggest.ts';

describe('a suggestion', () => {
  it('names the known word that is nearest', () => {
    const known = ['latency', 'limit', 'status'];
    expect(didYouMean('latancy', known)).to.equal(', did you mean "latency"?');
    expect(didYouMean('stauts', known)).to.equal(', did you mean "status"?');
    expect(didYouMean('limi', ['limits', 'limit'])).to.equal(', did you mean "limit"?');
  });

  it('lists all known words where none is near', () => {
    expect(didYouMean('xyz', ['hang', 'reset'])).to.equal(' (there is: hang, reset)');
  });

  it('forgives one letter in a short word, and no more', () => {
    expect(didYouMean('ot', ['on'])).to.equal(', did you mean "on"?');
    expect(didYouMean('at', ['on'])).to.equal(' (there is: on)');
  });

  it('says nothing where nothing is known', () => {
    expect(didYouMean('x', [])).to.equal('');
  });
});
