import { expect } from 'chai';
import { createRecent } from '../../../src/portal/monitoring/recent.ts';

describe('portal: the last so many of something', () => {
  it('are the newest first, and no more than were asked for', () => {
    const recent = createRecent<number>(3);
    expect(recent.list()).to.deep.equal([]);
    for (const one of [1, 2]) recent.add(one);
    expect(recent.list()).to.deep.equal([2, 1]);
    for (const one of [3, 4, 5, 6, 7]) recent.add(one);
    expect(recent.list()).to.deep.equal([7, 6, 5]);
  });

  it('are none after they were cleared', () => {
    const recent = createRecent<number>(3);
    for (const one of [1, 2, 3, 4]) recent.add(one);
    recent.clear();
    expect(recent.list()).to.deep.equal([]);
    recent.add(5);
    expect(recent.list()).to.deep.equal([5]);
  });
});
