import { expect } from 'chai';
import { createRandom } from '../../../../src/common/random.ts';
import { rawClient } from '../../../helpers/raw-client.ts';
import { startTraffic } from '../model/traffic.ts';
import { proxiesIn } from '../model/world.ts';
import { atOnce, exchange, statuses, textFor, withWorld } from './with-world.ts';

describe('a proxy that is switched on and off under traffic', function () {
  this.timeout(120_000);

  it('is as its last answer said each time, and garbles nothing', () =>
    withWorld(async (send, { addresses, stats }) => {
      const listen = addresses['@1'] ?? '';
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      const proxies = [...proxiesIn(await send('GET /proxies')).values()];
      const all = { proxies, rules: [], numbers: {}, taken: [] };
      const traffic = startTraffic(() => all, stats, 6);
      for (let i = 0; i < 100; i++) {
        const enabled = i % 2 === 1;
        const { status, body } = await send('PATCH /proxies/p', { enabled });
        expect([status, (body as { enabled: boolean }).enabled]).to.deep.equal([200, enabled]);
        const told = await exchange(listen, textFor(false, createRandom(`${i}`)), 10_000);
        expect(enabled ? told.whole : told.refused, `${i}: ${JSON.stringify(told)}`).to.equal(true);
      }
      await traffic.stop();
      expect(traffic.garbled).to.deep.equal([]);
    }));

  it('ends as one of many at once has asked, and no port is lost', () =>
    withWorld(async (send, { addresses }) => {
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      const toggled = await atOnce(300, (i) => send('POST /proxies/p', { enabled: i % 2 === 0 }));
      expect(statuses(toggled)).to.deep.equal({ 200: 300 });
      expect((await send('PATCH /proxies/p', { enabled: true })).status).to.equal(200);
      const told = await exchange(addresses['@1'] ?? '', textFor(false, Math.random), 10_000);
      expect(told).to.include({ whole: true, from: 'A' });
    }));
});

const WAITING: readonly (readonly [what: string, toxic: object, flows: boolean])[] = [
  ['latency', { type: 'latency', attributes: { latency: 600_000 } }, true],
  ['latency upstream', { type: 'latency', stream: 'upstream', attributes: long('latency') }, true],
  ['timeout', { type: 'timeout', attributes: { timeout: 0 } }, false],
  ['timeout that will come', { type: 'timeout', attributes: long('timeout') }, false],
  ['timeout upstream', { type: 'timeout', stream: 'upstream', attributes: { timeout: 0 } }, false],
  ['bandwidth of nothing', { type: 'bandwidth', attributes: { rate: 0 } }, true],
  ['reset_peer that will come', { type: 'reset_peer', attributes: long('timeout') }, true],
  [
    'slicer',
    { type: 'slicer', attributes: { average_size: 1, size_variation: 0, delay: 600_000_000 } },
    true,
  ],
];

describe('a connection that waits in a toxic', function () {
  this.timeout(60_000);

  for (const [what, toxic, flows] of WAITING) {
    it(`does not keep its proxy from being deleted: ${what}`, () =>
      withWorld(async (send, { addresses }) => {
        await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
        expect((await send('POST /proxies/p/toxics', { name: 't', ...toxic })).status).to.equal(
          200,
        );
        const clients = await hanging(20, addresses['@1'] ?? '');
        const { status, ms } = await send('DELETE /proxies/p');
        expect(status).to.equal(204);
        expect(ms).to.be.below(10_000);
        await Promise.all(clients.map(({ ended }) => ended));
        for (const client of clients) client.destroy();
      }));

    it(`${flows ? 'goes on' : 'is closed'} when it is lifted: ${what}`, () =>
      withWorld(async (send, { addresses }) => {
        await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
        expect((await send('POST /proxies/p/toxics', { name: 't', ...toxic })).status).to.equal(
          200,
        );
        const clients = await hanging(20, addresses['@1'] ?? '');
        const { status, ms } = await send('DELETE /proxies/p/toxics/t');
        expect(status).to.equal(204);
        expect(ms).to.be.below(10_000);
        for (const client of clients) {
          if (flows) expect(await client.until((text) => text === `A${SENT}`)).to.equal(undefined);
          else await client.ended;
          client.destroy();
        }
      }));

    it(`does not keep all from being reset, or disabled: ${what}`, () =>
      withWorld(async (send, { addresses }) => {
        for (const line of ['POST /reset', 'PATCH /proxies/p', 'POST /populate']) {
          await send('POST /populate', [{ name: 'p', listen: '@1', upstream: '@B' }]);
          await send('PATCH /proxies/p', { upstream: '@A', enabled: true });
          await send('POST /proxies/p/toxics', { name: 't', ...toxic });
          const clients = await hanging(5, addresses['@1'] ?? '');
          const body = line.includes('PATCH')
            ? { enabled: false }
            : [{ name: 'p', listen: '@1', upstream: '@B' }];
          const { status, ms } = await send(line, line.includes('reset') ? undefined : body);
          expect(status, line).to.be.oneOf([200, 201, 204]);
          expect(ms, line).to.be.below(10_000);
          for (const client of clients) client.destroy();
        }
      }));
  }
});

describe('a connection of which bytes were dropped', function () {
  this.timeout(60_000);

  const lifting: readonly (readonly [line: string, body?: unknown])[] = [
    ['DELETE /proxies/p/toxics/drop'],
    ['DELETE /v1/rules/p%2Fdrop'],
    ['DELETE /v1/rules'],
    ['POST /reset'],
    ['POST /populate', [{ name: 'p', listen: '@1', upstream: '@A', toxics: [] }]],
  ];
  for (const [line, body] of lifting) {
    it(`gets nothing of what came after them: ${line}`, () =>
      withWorld(async (send, { addresses }) => {
        await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
        const slices = { average_size: 1, size_variation: 0, delay: 20_000 };
        for (const toxic of [
          { name: 'slices', type: 'slicer', attributes: slices },
          { name: 'drop', type: 'timeout', attributes: { timeout: 0 } },
        ])
          expect((await send('POST /proxies/p/toxics', toxic)).status).to.equal(200);
        const clients = await hanging(10, addresses['@1'] ?? '');
        expect((await send(line, body)).status).to.be.below(300);
        for (const client of clients) {
          await client.ended;
          expect(client.text).to.equal('');
          client.destroy();
        }
      }));
  }
});

/** Connections that have sent, and that wait for what comes back. */
async function hanging(count: number, address: string) {
  const clients = Array.from({ length: count }, () => rawClient(`tcp://${address}`));
  for (const client of clients) client.send(SENT);
  // Until what they have sent is in the proxy's hands, as a whole loop shows.
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 50));
  return clients;
}

function long(key: string): Readonly<Record<string, number>> {
  return { [key]: 600_000 };
}

const SENT = 'what waits'.repeat(10);
