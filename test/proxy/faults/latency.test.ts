import { expect } from 'chai';
import { createRandom } from '../../../src/common/random.ts';
import { latency } from '../../../src/proxy/faults/latency.ts';
import type { Exchange } from '../../../src/proxy/exchange.ts';
import { BODY, GET, withRig } from '../rig.ts';

describe('latency on the wire', () => {
  for (const at of ['accept', 'request', 'headers', 'body'] as const) {
    it(`waits at least its delay before ${at}`, () =>
      withRig({}, async ({ control, connect }) => {
        const on = at === 'accept' ? 'stats' : 'leaderboard';
        await control.add([{ on, inject: { latency: '50ms', at } }]);
        const before = performance.now();
        const client = connect();
        client.send(GET);
        expect(await client.answer()).to.include({ status: 200, body: BODY });
        expect(performance.now() - before).to.be.at.least(50);
      }));
  }

  it('sends the head before it waits at body', () =>
    withRig({}, async ({ control, connect, entriesWhen }) => {
      await control.add([{ on: 'leaderboard', inject: { latency: '1h', at: 'body' } }]);
      const client = connect();
      client.send(GET);
      await client.until((text) => text.includes('\r\n\r\n'));
      expect(client.text.split('\r\n\r\n')[1]).to.equal('');
      await entriesWhen((all) => all[0]?.injected.length === 1);
      await control.clear();
      expect(await client.answer()).to.include({ body: BODY });
    }));

  it('leaves the exchange healthy when it is lifted before another fault of its rule has begun', () =>
    withRig({}, async ({ control, connect, entriesWhen, completed }) => {
      await control.add([{ on: 'leaderboard', inject: [{ latency: '1h' }, { status: 503 }] }]);
      const client = connect();
      client.send(GET);
      await entriesWhen((all) => all[0]?.injected.length === 1);
      await control.clear();
      expect(await client.answer()).to.include({ status: 200, body: BODY });
      const [entry] = await completed(1);
      expect(entry?.injected.map(({ fault }) => fault)).to.deep.equal(['latency']);
    }));

  for (const distribution of ['uniform', 'normal', 'lognormal', 'pareto'] as const) {
    it(`draws ${distribution} waits around its delay, never negative, the same for the same seed`, () => {
      const draws = (seed: string) => {
        const random = createRandom(seed);
        return Array.from({ length: 500 }, () => waitOf({ distribution, jitter: 100 }, random));
      };
      expect(draws('a')).to.deep.equal(draws('a'));
      expect(draws('a')).not.to.deep.equal(draws('b'));
      expect(Math.min(...draws('a'))).to.be.at.least(0);
      expect(new Set(draws('a')).size).to.be.above(400);
      if (distribution !== 'uniform') return;
      expect(Math.min(...draws('a'))).to.be.within(100, 110);
      expect(Math.max(...draws('a'))).to.be.within(290, 300);
    });
  }
});

function waitOf(
  spread: { distribution: 'uniform' | 'normal' | 'lognormal' | 'pareto'; jitter: number },
  random: () => number,
): number {
  let waited = NaN;
  const wait = (ms: number) => {
    waited = ms;
    return Promise.resolve();
  };
  const exchange = { random, wait } as unknown as Exchange;
  void latency.onExchange?.(exchange, { delay: 200, at: 'request', ...spread });
  return waited;
}
