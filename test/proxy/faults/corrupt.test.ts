import { expect } from 'chai';
import { GET, withRig, type Rig } from '../rig.ts';
import { echo, silent, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

const BYTES = 20_000;
const ZEROS = '\0'.repeat(BYTES);
const healthy = {
  handler: (_: unknown, response: { end(text: string): unknown }) => void response.end(ZEROS),
};

describe('corrupt on the wire', () => {
  it('flips one bit of its share of the body’s bytes, and leaves the framing', () =>
    withRig(healthy, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { corrupt: 0.1 } }]);
      const body = await bodyOf(rig);
      expect(body).to.have.length(BYTES);
      const flipped = body.split('').filter((character) => character !== '\0');
      // Two thousand are expected; the standard deviation is 42.
      expect(flipped.length).to.be.within(1700, 2300);
      for (const character of flipped) expect(BITS).to.include(character.charCodeAt(0));
      expect(new Set(flipped).size).to.equal(8);
      const [entry] = await rig.completed(1);
      expect(entry).to.include({ end: 'answered', status: 200 });
      expect(entry?.injected).to.have.length(1);
    }));

  it('flips the same bits for the same seed, and others in the next exchange', async () => {
    const seen: string[][] = [];
    for (let run = 0; run < 2; run++)
      await withRig(healthy, async (rig) => {
        await rig.control.add([{ on: 'leaderboard', inject: { corrupt: 0.01 } }]);
        seen.push([await bodyOf(rig), await bodyOf(rig)]);
      });
    expect(seen[0]).to.deep.equal(seen[1]);
    expect(seen[0]?.[0]).not.to.equal(seen[0]?.[1]);
  });

  it('flips every byte at 1', () =>
    withRig(healthy, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { corrupt: 1 } }]);
      expect(await bodyOf(rig)).not.to.include('\0');
    }));

  it('never fires at 0', () =>
    withRig(healthy, async (rig) => {
      await rig.control.add([{ on: 'leaderboard', inject: { corrupt: 0 } }]);
      expect(await bodyOf(rig)).to.equal(ZEROS);
      expect((await rig.completed(1))[0]).to.deep.include({ matched: ['r1'], injected: [] });
    }));

  it('leaves the chunks of a chunked body as they are', () =>
    withRig(
      {
        handler(_request, response) {
          response.write('\0'.repeat(10));
          response.end('\0'.repeat(16));
        },
      },
      async ({ control, connect }) => {
        await control.add([{ on: 'leaderboard', inject: { corrupt: 1 } }]);
        const client = connect();
        client.send(GET);
        await client.until((text) => text.endsWith('\r\n0\r\n\r\n'));
        expect(client.text).to.match(/\r\n\r\na\r\n[^\0]{10}\r\n10\r\n[^\0]{16}\r\n0\r\n\r\n$/);
      },
    ));

  it('changes the direction of a tcp connection that it is told to, down unless it is', () =>
    withTcp(silent, async ({ control, dial, peer, completed }) => {
      const client = dial();
      const end = await peer(0);
      await control.add([{ on: 'db', inject: { corrupt: 1 } }]);
      end.send('\0\0\0\0');
      client.send('\0\0\0\0');
      await Promise.all([client, end].map((side) => side.until((text) => text.length === 4)));
      expect(client.text).to.match(/^[^\0]{4}$/);
      expect(end.text).to.equal('\0\0\0\0');
      await control.clear();
      await control.add([{ on: 'db', inject: { corrupt: 1, stream: 'up' } }]);
      end.send('\0');
      client.send('\0');
      await Promise.all([client, end].map((side) => side.until((text) => text.length === 5)));
      expect(client.text.slice(4)).to.equal('\0');
      expect(end.text.slice(4)).not.to.equal('\0');
      client.finish();
      end.finish();
      const fired = (await completed(1)).flatMap(({ injected }) => injected);
      expect(fired.map(({ fault, rule }) => `${rule} ${fault}`)).to.deep.equal([
        'r1 corrupt',
        'r2 corrupt',
      ]);
    }));

  it('flips the same bits however the bytes come', async () => {
    const seen: string[] = [];
    for (const step of [BYTES, 700])
      await withTcp(echo, async ({ control, dial }) => {
        await control.add([{ on: 'db', inject: { corrupt: 0.01 } }]);
        const client = dial();
        for (let start = 0; start < BYTES; start += step) {
          client.send(ZEROS.slice(start, start + step));
          await client.until((text) => text.length >= Math.min(BYTES, start + step));
        }
        seen.push(client.text);
      });
    expect(seen[0]).not.to.equal(ZEROS);
    expect(seen[1]).to.equal(seen[0]);
  });

  it('says that it changes responses only, where there are some', () =>
    withRig({}, async (rig) => {
      const inject = { corrupt: 0.5, stream: 'up' };
      expect(await problemOf(rig, { on: 'leaderboard', inject })).to.match(
        /stream: up needs a tcp upstream/,
      );
    }));
});

async function bodyOf({ connect }: Rig): Promise<string> {
  const client = connect();
  client.send(GET);
  const answered = await client.answer();
  return typeof answered === 'string' ? answered : answered.body;
}

const BITS = [1, 2, 4, 8, 16, 32, 64, 128];
