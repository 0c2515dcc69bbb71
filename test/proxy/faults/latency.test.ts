import { expect } from 'chai';
import { createRandom } from '../../../src/common/random.ts';
import { latency } from '../../../src/proxy/faults/latency.ts';
import type { Exchange } from '../../../src/proxy/exchange.ts';
import { BODY, GET, nextPoll, withRig } from '../rig.ts';
import { echo, silent, withTcp } from '../tcp-rig.ts';
import { problemOf } from './problem.ts';

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
      expect(draws('a', { distribution, jitter: 100 })).to.deep.equal(
        draws('a', { distribution, jitter: 100 }),
      );
      expect(draws('a', { distribution, jitter: 100 })).not.to.deep.equal(
        draws('b', { distribution, jitter: 100 }),
      );
      const wide = draws('a', { distribution, jitter: 3000 });
      expect(Math.min(...wide)).to.be.at.least(0);
      expect(new Set(draws('a', { distribution, jitter: 100 })).size).to.be.above(1900);
      expect(draws('a', { distribution, jitter: 0 })).to.deep.equal(Array(2000).fill(1000));
    });
  }

  it('spreads uniformly by the jitter to both sides', () => {
    const all = draws('a', { distribution: 'uniform', jitter: 100 });
    expect(all[0]).to.be.within(900, 901);
    expect(all.at(-1)).to.be.within(1099, 1100);
    expect(meanOf(all)).to.be.within(995, 1005);
    expect(shareWithin(all, 950, 1050)).to.be.within(0.46, 0.54);
  });

  it('spreads normally, with the jitter as its standard deviation', () => {
    const all = draws('a', { distribution: 'normal', jitter: 100 });
    expect(meanOf(all)).to.be.within(990, 1010);
    expect(shareWithin(all, 900, 1100)).to.be.within(0.65, 0.72);
    expect(shareWithin(all, 800, 1200)).to.be.within(0.94, 0.97);
  });

  it('spreads lognormally: half below the delay, never by more than the jitter, and a tail above', () => {
    const all = draws('a', { distribution: 'lognormal', jitter: 100 });
    expect(all[0]).to.be.within(900, 910);
    expect(all[1000]).to.be.within(990, 1010);
    expect(meanOf(all)).to.be.within(1050, 1080);
    expect(all.at(-1)).to.be.above(1500);
  });

  it('spreads by a Pareto tail: never less than the delay, seldom much more', () => {
    const all = draws('a', { distribution: 'pareto', jitter: 100 });
    expect(all[0]).to.be.within(1000, 1001);
    expect(meanOf(all)).to.be.within(1040, 1060);
    expect(all.at(-1)).to.be.above(1400);
  });

  it('makes each segment of a tcp connection late by its arrival, not one after another', () =>
    withTcp(silent, async ({ control, dial, peer, completed }) => {
      await control.add([{ on: 'db', inject: { latency: '200ms', at: 'body' } }]);
      const client = dial();
      const end = await peer(0);
      const began = performance.now();
      for (let i = 0; i < SEGMENTS; i++) {
        end.send(`${i} `);
        await nextPoll();
      }
      await client.until((text) => text.length > 0);
      expect(performance.now() - began).to.be.at.least(200);
      const all = Array.from({ length: SEGMENTS }, (_, i) => `${i} `).join('');
      await client.until((text) => text === all);
      // One after another they would take ten seconds.
      expect(performance.now() - began).to.be.below(5000);
      client.send('up');
      await end.until((text) => text === 'up');
      end.finish();
      client.finish();
      const [entry] = await completed(1);
      expect(entry?.injected).to.have.length(1);
      expect(entry?.injected[0]).to.include({ fault: 'latency' });
    }));

  it('keeps the order of segments whose waits differ', () =>
    withTcp(echo, async ({ control, dial }) => {
      const inject = { latency: '10ms', jitter: '10ms', at: 'body', stream: 'up' };
      await control.add([{ on: 'db', inject }]);
      const client = dial();
      let sent = '';
      for (let i = 0; i < SEGMENTS; i++) {
        client.send(`${i} `);
        sent += `${i} `;
        await nextPoll();
      }
      await client.until((text) => text.length >= sent.length);
      expect(client.text).to.equal(sent);
    }));

  for (const stream of ['down', 'up'] as const) {
    it(`makes one direction of a tcp connection that was open late, with stream: ${stream}, until it is lifted`, () =>
      withTcp(silent, async ({ control, dial, peer, entriesWhen }) => {
        const client = dial();
        const end = await peer(0);
        const [from, to] = stream === 'down' ? [end, client] : [client, end];
        await control.add([{ on: 'db', inject: { latency: '1h', at: 'body', stream } }]);
        from.send('late');
        await entriesWhen((all) => all.some(({ injected }) => injected.length === 1));
        to.send('at once');
        await from.until((text) => text === 'at once');
        expect(to.text).to.equal('');
        await control.clear();
        await to.until((text) => text === 'late');
      }));
  }

  it('waits before a tcp connection is let in, unless it is told otherwise', () =>
    withTcp(
      (peer) => peer.send('hello'),
      async ({ control, dial }) => {
        await control.add([{ on: 'db', inject: { latency: '50ms' } }]);
        const began = performance.now();
        const client = dial();
        await client.until((text) => text === 'hello');
        expect(performance.now() - began).to.be.at.least(50);
      },
    ));

  it('has not fired by a wait of nothing', () =>
    withTcp(echo, async ({ control, dial, completed }) => {
      await control.add([{ on: 'db', inject: { latency: '0ms', at: 'body' } }]);
      const client = dial();
      client.send('x');
      await client.until((text) => text === 'x');
      client.finish();
      expect((await completed(1))[0]).to.deep.include({ matched: ['r1'], injected: [] });
    }));

  it('says what contradicts itself', () =>
    withTcp(silent, async (rig) => {
      const latency = '1s';
      for (const [rule, said] of [
        [{ on: 'db', inject: { latency, at: 'headers' } }, /latency at headers/],
        [{ on: 'db', inject: { latency, at: 'accept', stream: 'up' } }, /at: body on a tcp/],
        [{ on: 'stats', inject: { latency, at: 'body', stream: 'up' } }, /at: body on a tcp/],
      ] as const)
        expect(await problemOf(rig, rule)).to.match(said);
    }));
});

/** Two thousand waits around a second, sorted. */
function draws(seed: string, spread: Spread): number[] {
  const random = createRandom(seed);
  return Array.from({ length: 2000 }, () => waitOf(spread, random)).sort((a, b) => a - b);
}

interface Spread {
  readonly distribution: 'uniform' | 'normal' | 'lognormal' | 'pareto';
  readonly jitter: number;
}

function waitOf(spread: Spread, random: () => number): number {
  let waited = NaN;
  const wait = (ms: number) => {
    waited = ms;
    return Promise.resolve();
  };
  const exchange = { random, wait } as unknown as Exchange;
  void latency.onExchange?.(exchange, { delay: 1000, at: 'request', stream: undefined, ...spread });
  return waited;
}

function meanOf(all: readonly number[]): number {
  return all.reduce((sum, each) => sum + each, 0) / all.length;
}

function shareWithin(all: readonly number[], from: number, to: number): number {
  return all.filter((each) => each >= from && each <= to).length / all.length;
}

const SEGMENTS = 50;
