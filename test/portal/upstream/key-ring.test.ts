import { expect } from 'chai';
import { createKeyRing } from '../../../src/portal/upstream/key-ring.ts';

describe('portal: the keys that a call may take', () => {
  it('are taken in turn, none while all are limited, and again when the time is over', () => {
    let now = 0;
    const view = createKeyRing(['a', 'b'], () => now).view();
    expect([view.pick(), view.pick(), view.pick()]).to.deep.equal(['a', 'b', 'a']);
    view.limit('a', 100);
    expect([view.pick(), view.pick()]).to.deep.equal(['b', 'b']);
    view.limit('b', 200);
    expect([view.pick(), view.hasFree(), view.shortestWait()]).to.deep.equal([
      undefined,
      false,
      100,
    ]);
    now = 100;
    expect([view.pick(), view.hasFree()]).to.deep.equal(['a', true]);
  });
});
