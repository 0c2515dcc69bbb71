import { setImmediate as turn } from 'node:timers/promises';
import { expect } from 'chai';
import { createRoom } from '../../src/scenario/isolation/room.ts';

describe('a room', () => {
  it('lets in many at once, or one alone, in the order in which they came', async () => {
    const room = createRoom();
    const seen: string[] = [];
    const leaving = new Map<string, () => void>();
    const come = (name: string, how: 'among' | 'alone') =>
      room[how]().then((leave) => {
        seen.push(name);
        leaving.set(name, leave);
      });
    const leave = async (name: string) => {
      leaving.get(name)?.();
      await turn();
    };
    void come('a', 'among');
    void come('b', 'among');
    void come('C', 'alone');
    // Who comes after one that waits to be alone does not keep it waiting.
    void come('d', 'among');
    void come('E', 'alone');
    await turn();
    expect(seen.splice(0)).to.deep.equal(['a', 'b']);
    await leave('a');
    expect(seen.splice(0)).to.deep.equal([]);
    await leave('b');
    expect(seen.splice(0)).to.deep.equal(['C']);
    void come('f', 'among');
    await turn();
    expect(seen.splice(0)).to.deep.equal([]);
    await leave('C');
    expect(seen.splice(0)).to.deep.equal(['d']);
    await leave('d');
    expect(seen.splice(0)).to.deep.equal(['E']);
    await leave('E');
    expect(seen.splice(0)).to.deep.equal(['f']);
  });
});
