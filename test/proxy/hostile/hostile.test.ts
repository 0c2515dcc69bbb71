import { expect } from 'chai';
import { nextPoll, nothingLeft, resources } from '../rig.ts';
import { besiege } from './siege.ts';

describe('a proxy under attack', function () {
  this.timeout(300_000);

  it('outlives 1,000 hostile connections, tells of each, and leaves nothing', async () => {
    await nextPoll();
    const before = resources();
    const seed = process.env['HOSTILE_SEED'] ?? 'hostile';
    const { connections, violations, grown } = await besiege({ seed, connections: 1000 });
    expect(violations).to.deep.equal([]);
    expect(connections).to.equal(1000);
    expect(grown / 1024 ** 2, 'MB of memory').to.be.below(50);
    await nothingLeft(before);
  });
});
