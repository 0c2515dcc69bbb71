import { expect } from 'chai';
import { BODY, GET, withRig } from '../rig.ts';
import { echo, silent, watched, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

const LONG = Array.from({ length: 400 }, (_, i) => i.toString(36).padStart(2, '0')).join('');

describe('slicer on the wire', () => {
  it('never sends more than a slice at a time, and loses nothing', () =>
    withRig({}, async ({ control, connect, completed }) => {
      await control.add([{ on: 'leaderboard', inject: { slicer: '10B', delay: '10ms' } }]);
      const client = connect();
      const began = performance.now();
      client.send(GET);
      const looks = await watched(client, began, (text) => text.endsWith(BODY));
      for (const { ms, length } of looks)
        expect(length).to.be.at.most((Math.floor(ms / 10) + 1) * 10);
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      const [entry] = await completed(1);
      expect(entry?.injected[0]).to.include({ fault: 'slicer' });
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200, body: BODY });
    }));

  it('slices without a delay, too, and the bytes stay the same', () =>
    withTcp(echo, async ({ control, dial, completed }) => {
      await control.add([{ on: 'db', inject: { slicer: '1B' } }]);
      const client = dial();
      client.send(LONG);
      await client.until((text) => text.length >= LONG.length);
      expect(client.text).to.equal(LONG);
      client.finish();
      const [entry] = await completed(1);
      expect(entry?.injected[0]).to.include({ fault: 'slicer' });
    }));

  it('has not fired where nothing is longer than a slice', () =>
    withTcp(echo, async ({ control, dial, completed }) => {
      await control.add([{ on: 'db', inject: { slicer: '1KB' } }]);
      const client = dial();
      client.send(LONG);
      await client.until((text) => text.length >= LONG.length);
      client.finish();
      expect((await completed(1))[0]).to.deep.include({ matched: ['r1'], injected: [] });
    }));

  it('cuts at the same places for the same seed', async () => {
    const [first, second] = [await places(), await places()];
    expect(first.length).to.be.above(3);
    // Two slices may be read as one. But had they been cut elsewhere, some would be too near to each other.
    const all = [...new Set([...first, ...second])].sort((a, b) => a - b);
    for (const [i, place] of all.slice(0, -1).entries())
      expect(place - (all[i - 1] ?? 0))
        .to.be.within(30, LONG.length)
        .and.at.least(30);
  });

  it('lets the rest go at once when it is lifted, up too, on a connection that is open', () =>
    withTcp(silent, async ({ control, dial, peer, entriesWhen }) => {
      const client = dial();
      const end = await peer(0);
      await control.add([{ on: 'db', inject: { slicer: '8B', delay: '1h', stream: 'up' } }]);
      client.send(LONG);
      await end.until((text) => text.length > 0);
      expect(end.text).to.equal(LONG.slice(0, 8));
      end.send('down');
      await client.until((text) => text === 'down');
      await entriesWhen((all) => all.some(({ injected }) => injected.length > 0));
      await control.clear();
      await end.until((text) => text.length >= LONG.length);
      expect(end.text).to.equal(LONG);
    }));

  it('refuses a variation that leaves nothing of a slice', () =>
    withRig({}, async (rig) => {
      for (const inject of [
        { slicer: '8B', variation: '8B' },
        { fault: 'slicer', variation: '1KB' },
      ])
        expect(await problemOf(rig, { on: 'leaderboard', inject })).to.match(
          /variation of (8|1024)B leaves nothing of slices of (8|64)B: it must be smaller than size/,
        );
      const inject = { slicer: '8B', variation: '7B' };
      expect(await problemOf(rig, { on: 'leaderboard', inject })).to.equal('');
    }));
});

/** Where one sending was cut, as far as its reader could tell. */
async function places(): Promise<number[]> {
  let found: number[] = [];
  await withTcp(silent, async ({ control, dial, peer }) => {
    await control.add([{ on: 'db', inject: { slicer: '50B', variation: '20B', delay: '20ms' } }]);
    const client = dial();
    (await peer(0)).send(LONG);
    const looks = await watched(client, 0, (text) => text.length >= LONG.length);
    found = looks.map(({ length }) => length).filter((length) => length > 0);
    expect(client.text).to.equal(LONG);
  });
  return found;
}
