import { expect } from 'chai';
import { rawClient } from '../../../helpers/raw-client.ts';
import { settledMemory } from '../../hostile/memory.ts';
import { withWorld } from './with-world.ts';

/** What strangers may write into a request’s baggage, each time another. */
const FLOODS: readonly (readonly [what: string, baggage: (i: number) => string])[] = [
  ['run names', (i) => `brownout.run=${`${i}-`.padEnd(i % 2 === 0 ? 120 : 8, 'x')}`],
  ['plans', (i) => `brownout.plan=stats%3Dstatus:${500 + (i % 90)},brownout.run=${i % 50}`],
  ['plans that are none', (i) => `brownout.plan=flood-${i}%3D${'x'.repeat(i % 1500)}`],
  ['members that are not ours', (i) => `key-${i}=value,brownout.x=${i},brownout.run=`],
];

describe('a flood of baggage', function () {
  this.timeout(600_000);

  for (const [what, baggage] of FLOODS) {
    it(`does not fill the memory: ${what}`, () =>
      withWorld(async (send, { stats }) => {
        // By now all that may be kept is there.
        await flood(0, KEPT);
        const before = await settledMemory();
        await flood(KEPT, KEPT + COUNT);
        const grown = (await settledMemory()) - before;
        expect(grown / 1024 ** 2, 'MB of memory').to.be.below(5);
        const { status, ms } = await send('GET /v1/journal?run=flood-1');
        expect(status).to.equal(200);
        expect(ms).to.be.below(10_000);

        async function flood(from: number, to: number): Promise<void> {
          for (let i = from; i < to; i += BATCH) {
            const client = rawClient(`http://${stats}`);
            let requests = '';
            for (let n = i; n < Math.min(i + BATCH, to); n++)
              requests += `GET /rows HTTP/1.1\r\nHost: stats\r\nbaggage: ${baggage(n)}\r\n\r\n`;
            client.send(requests);
            for (let n = i; n < Math.min(i + BATCH, to); n++) {
              const answer = await client.answer();
              if (typeof answer === 'string') throw new Error(`request ${n}: ${answer}`);
            }
            client.destroy();
          }
        }
      }));
  }
});

/** `FLOOD` of them, of which each would leave half a kilobyte. */
const COUNT = Number(process.env['FLOOD'] ?? 20_000);
const KEPT = 12_000;
const BATCH = 500;
