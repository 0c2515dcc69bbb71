import { expect } from 'chai';
import { MB } from '../../proxy/transparency/flood.ts';
import { soak } from './soak.ts';

describe('portal: many requests through alternating outages', () => {
  it('answer what each outage allows, leave nothing behind and leak no memory (rows 7, 8, 11, 13, 26)', async () => {
    const { requests, violations, grown } = await soak({
      seed: 'portal',
      requests: 2500,
      perPhase: 200,
    });
    expect(violations).to.deep.equal([]);
    expect(requests).to.equal(2500);
    expect(grown).to.be.below(3 * MB);
  }).timeout(120_000);
});
