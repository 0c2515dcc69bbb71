import { expect } from 'chai';
import { withMembers } from '../../src/common/trace-context.ts';

const OWN = { 'brownout.run': 'r1' };
const MANY = Array.from({ length: 80 }, (_, i) => `k${i}=${i}`);

describe('members put into a baggage', () => {
  it('come last, and the members that make room for them are the last of the others', () => {
    const members = withMembers(MANY.join(), OWN).split(',');
    expect(members).to.deep.equal([...MANY.slice(0, 63), 'brownout.run=r1']);
  });

  it('are there also where what was there is as long as a baggage may be', () => {
    const big = ['a=1', 'b=2', `c=${'x'.repeat(8180)}`];
    expect(withMembers(big.join(), OWN)).to.equal('a=1,b=2,brownout.run=r1');
  });

  it('replace those of their name, whatever their white space and properties', () => {
    const old = 'brownout.run = 1;p=2 ,a=1,brownout.run,brownout.run;x, brownout.runs=3';
    expect(withMembers(old, OWN)).to.equal('a=1,brownout.runs=3,brownout.run=r1');
  });

  for (const nothing of [undefined, '', ' , ,']) {
    it(`are alone where there was nothing: ${JSON.stringify(nothing)}`, () => {
      expect(withMembers(nothing, OWN)).to.equal('brownout.run=r1');
    });
  }

  it('are not found in what every object has', () => {
    expect(withMembers('constructor=1,toString=2', OWN)).to.equal(
      'constructor=1,toString=2,brownout.run=r1',
    );
  });
});
