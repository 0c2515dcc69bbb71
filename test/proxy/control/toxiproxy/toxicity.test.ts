import { expect } from 'chai';
import type { RawClient } from '../../../helpers/raw-client.ts';
import { echo, withToxiproxy, type ToxiproxyRig } from './with-toxiproxy.ts';

interface Many extends ToxiproxyRig {
  /** Adds the toxic, or changes it, and gives the connections that it then acts on. */
  readonly hitBy: (toxicity: number) => Promise<readonly number[]>;
  readonly clients: readonly RawClient[];
}

const COUNT = 24;
const ALL = Array.from({ length: COUNT }, (_, i) => i);
const TOXIC = { type: 'bandwidth', name: 'dam', attributes: { rate: 0 } };

/** Connections that are open before a toxic comes which lets nothing through. */
function withMany(test: (rig: Many) => Promise<void>): Promise<void> {
  return withToxiproxy(echo, async (rig) => {
    const { ask, pair, proxy, upstream } = rig;
    const { body: db } = await ask('POST /proxies', { name: 'db', upstream });
    const clients: RawClient[] = [];
    for (let i = 0; i < COUNT; i++) clients.push((await pair(db))[0]);
    const matches = async () => {
      const { entries } = await proxy.control.journal();
      return entries.slice(0, COUNT).map(({ matched }) => matched.length);
    };
    await test({
      ...rig,
      clients,
      async hitBy(toxicity) {
        const before = await matches();
        const added = await ask('GET /proxies/db/toxics/dam');
        if (added.status === 200) await ask('PATCH /proxies/db/toxics/dam', { toxicity });
        else await ask('POST /proxies/db/toxics', { ...TOXIC, toxicity });
        const after = await matches();
        return ALL.filter((i) => after[i] !== before[i]);
      },
    });
  });
}

describe('the toxicity of a toxic', () => {
  it('is drawn once for each connection: the same draw decides when it is changed', () =>
    withMany(async ({ hitBy }) => {
      const half = await hitBy(0.5);
      expect(half).to.have.length.within(1, COUNT - 1);
      expect(await hitBy(0.5)).to.deep.equal(half);
      const more = await hitBy(0.8);
      expect(more).to.include.members([...half]);
      const less = await hitBy(0.2);
      expect(half).to.include.members([...less]);
      expect(more.length).to.be.above(less.length);
      expect(await hitBy(0)).to.deep.equal([]);
      expect(await hitBy(1)).to.deep.equal(ALL);
      expect(await hitBy(0.5)).to.deep.equal(half);
    }));

  it('decides for a whole connection, as the client sees', () =>
    withMany(async ({ hitBy, clients, ask }) => {
      const half = await hitBy(0.5);
      const spared = clients.filter((_, i) => !half.includes(i));
      const hit = clients.filter((_, i) => half.includes(i));
      for (const word of ['a', 'b', 'c']) {
        for (const client of clients) client.send(word);
        for (const client of spared)
          expect(await client.until((text) => text.endsWith(word))).to.equal(undefined);
      }
      expect(hit.map(({ text }) => text)).to.deep.equal(hit.map(() => ''));
      await ask('DELETE /proxies/db/toxics/dam');
      for (const client of hit)
        expect(await client.until((text) => text === 'abc')).to.equal(undefined);
    }));

  it('is drawn by the seed: another proxy of the same seed draws the same', async () => {
    const drawn: (readonly number[])[] = [];
    for (let i = 0; i < 2; i++)
      await withMany(async ({ hitBy }) => void drawn.push(await hitBy(0.5)));
    expect(drawn[0]).to.deep.equal(drawn[1]);
  });

  it('is drawn for new connections after it has been changed, too', () =>
    withMany(async ({ hitBy, pair, proxy, ask }) => {
      await hitBy(0.5);
      const { body: db } = await ask('GET /proxies/db');
      for (let i = 0; i < COUNT; i++) await pair(db);
      await hitBy(0.5);
      const { entries } = await proxy.control.journal();
      const counts = entries.slice(COUNT).map(({ matched }) => matched.length);
      // Each is hit at first and after the change, or never.
      expect(new Set(counts)).to.deep.equal(new Set([0, 2]));
    }));
});

describe('a rule on connections in the place of another', () => {
  it('acts on the same connections where its share is the same', () =>
    withToxiproxy(echo, async ({ ask, pair, proxy, upstream }) => {
      const { body: db } = await ask('POST /proxies', { name: 'db', upstream });
      for (let i = 0; i < COUNT; i++) await pair(db);
      const rule = (rate: string) => ({
        on: 'db',
        inject: { bandwidth: rate },
        trigger: { probability: 0.5 },
      });
      const [added] = await proxy.control.add([rule('1KB/s')]);
      await proxy.control.replace(added?.id ?? '', rule('2KB/s'));
      const { entries } = await proxy.control.journal();
      const counts = entries.map(({ matched }) => matched.length);
      expect(new Set(counts)).to.deep.equal(new Set([0, 2]));
    }));
});
