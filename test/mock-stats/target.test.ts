import { expect } from 'chai';
import * as fc from 'fast-check';
import { decodedPath } from '../../src/mock-stats/target.ts';

describe('the path of a request target', () => {
  it('gives back any text that was percent-encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(decodedPath(`/${encodeURIComponent(text)}?${text}`)).to.equal(`/${text}`);
      }),
    );
  });

  it('exists for every target', () => {
    const piece = fc.constantFrom('%', '%2', '%ff', '/', '?', '#', ':', '//', 'a', '\uffff');
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        expect(decodedPath(pieces.join(''))).to.be.a('string');
      }),
    );
  });

  it('keeps a percent sign that encodes nothing', () => {
    expect(decodedPath('/a%zz%4%')).to.equal('/a%zz%4%');
  });

  it('shows bytes that are not UTF-8 as replacement characters', () => {
    expect(decodedPath('/%ff%41')).to.equal('/\ufffdA');
  });

  it('decodes once only', () => {
    expect(decodedPath('/%252F')).to.equal('/%2F');
  });
});
