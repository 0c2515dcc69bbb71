import { expect } from 'chai';
import { rawClient } from '../../../helpers/raw-client.ts';
import { settledMemory } from '../../hostile/memory.ts';
import { withWorld } from './with-world.ts';

/** What strangers may write into a request’s baggage, each time another. */
const FLOODS: readonly (readonly [what: string, baggage: (i: number) => string])[] = [
  ['run names', (i) => `brownout.run=flood-${i}`],
  ['long run names', (i) => `brownout.run=${`${i}-`.padEnd(2000, 'x')}`],
  ['plans', (i) => `brownout.plan=stats%3Dstatus:${500 + (i % 90)}`],
  ['plans that are none', (i) => `brownout.plan=flood-${i}%3D${'x'.repeat(i % 1500)}`],
  ['members that are not ours', (i) => `key-${i}=value,brownout.x=${i},brownout.run=`],
];

describe('a flood of baggage', function () {
  this.timeout(600_000);

  for (const [what, baggage] of FLOODS) {
    it(`does not fill the memory: ${what}`, () =>
      withWorld(async (send, { stats }) => {
        await flood(0, COUNT / 10);
        const before = await settledMemory();
        await flood(COUNT / 10, COUNT);
        const grown = (await settledMemory()) - before;
        expect(grown / 1024 ** 2, 'MB of memory').to.be.below(40);
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

/** `FLOOD` of them. */
const COUNT = Number(process.env['FLOOD'] ?? 20_000);
const BATCH = 500;
