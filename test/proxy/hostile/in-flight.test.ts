import { expect } from 'chai';
import { FAULTS } from '../../../src/proxy/catalogue.ts';
import { createProxy, type Proxy } from '../../../src/proxy/proxy.ts';
import { rawUpstream } from '../../helpers/raw-upstream.ts';
import { nextPoll, nothingLeft, resources } from '../rig.ts';
import { head } from '../transparency/conversation.ts';
import { connectPeer, type Peer } from '../transparency/peer.ts';
import { RESPONSE } from './response.ts';

/** Faults that keep an exchange waiting until their rule is lifted. */
const WAITING = [
  ...['accept', 'request', 'headers', 'body'].flatMap((at) => [
    { fault: 'hang', at },
    { fault: 'latency', delay: '1h', at },
  ]),
  { fault: 'bandwidth', rate: '1B/s' },
  { fault: 'dribble', over: '1h' },
  { fault: 'slicer', size: '8B', delay: '1h' },
].filter(({ fault }) => FAULTS.has(fault));

describe('a thousand exchanges in flight', function () {
  this.timeout(120_000);

  for (const inject of WAITING) {
    it(`go on as if healthy when ${JSON.stringify(inject)} is lifted`, () =>
      inFlight(inject, async (proxy, clients) => {
        await proxy.control.clear();
        for (const client of clients) {
          await client.has(RESPONSE.length);
          const answered = client.received().toString('latin1');
          const told = `x-brownout-fault: ${inject.fault}\r\n`;
          if (answered.includes('x-brownout')) await client.has(RESPONSE.length + told.length);
          const received = client.received().toString('latin1');
          expect(received.replace(told, '')).to.equal(RESPONSE);
        }
        for (const client of clients) client.finish();
        await none(proxy, 'pending');
      }));

    it(`end when the proxy is disposed of under ${JSON.stringify(inject)}`, () =>
      inFlight(inject, async (proxy, clients) => {
        await proxy[Symbol.asyncDispose]();
        await Promise.all(clients.map((client) => client.ended()));
        await none(proxy, 'pending');
      }));
  }
});

async function inFlight(
  inject: unknown,
  test: (proxy: Proxy, clients: readonly Peer[]) => Promise<void>,
): Promise<void> {
  // Mocha starts its own timer when a test has given its promise.
  await nextPoll();
  const before = resources();
  {
    await using upstream = await rawUpstream((socket) => void socket.write(RESPONSE));
    await using proxy = createProxy({ seed: 'test' });
    const { url } = await proxy.open({ name: 'stats', target: upstream.url });
    await proxy.control.add([{ on: 'stats', inject }]);
    const clients: Peer[] = [];
    try {
      while (clients.length < IN_FLIGHT) {
        // No more at once than a listener's backlog takes.
        const batch = Array.from({ length: BATCH }, () => connectPeer(url));
        for (const client of batch) client.send(GET);
        clients.push(...batch);
        await firedOn(proxy, clients.length);
      }
      await test(proxy, clients);
    } finally {
      for (const client of clients) client.destroy();
    }
  }
  await nothingLeft(before);
}

async function firedOn(proxy: Proxy, count: number): Promise<void> {
  for (;;) {
    const { entries } = await proxy.control.journal();
    if (entries.filter(({ injected }) => injected.length > 0).length >= count) return;
    await nextPoll();
  }
}

async function none(proxy: Proxy, end: string): Promise<void> {
  for (;;) {
    const { entries } = await proxy.control.journal();
    if (entries.every((entry) => entry.end !== end)) return;
    await nextPoll();
  }
}

const GET = Buffer.from(head('GET /leaderboards/duke HTTP/1.1', 'Host: stats'));
const IN_FLIGHT = 1000;
const BATCH = 250;
