import { expect } from 'chai';
import { createRandom } from '../../../../src/common/random.ts';
import { nextPoll } from '../../rig.ts';
import { isFree, proxiesIn, type World } from '../model/world.ts';
import { startTraffic } from '../model/traffic.ts';
import {
  atOnce,
  exchange,
  statuses,
  textFor,
  together,
  withWorld,
  type Send,
  type Typed,
} from './with-world.ts';

describe('conflicting changes at once', function () {
  this.timeout(120_000);

  it('make one proxy of fifty of the same name', () =>
    withWorld(async (send, world) => {
      const { addresses } = world;
      const create = ['POST /proxies', { name: 'p', listen: '@1', upstream: '@A' }] as const;
      expect(
        statuses(
          await together(
            world,
            times(50, () => create),
          ),
        ),
      ).to.deep.equal({ 201: 1, 409: 49 });
      expect((await exchange(addresses['@1'] ?? '', echoed(), 10_000)).whole).to.equal(true);
      expect((await send('DELETE /proxies/p')).status).to.equal(204);
      expect(await isFreeAt(addresses['@1'])).to.equal(true);
    }));

  it('make one proxy of fifty on the same port, and nothing of the others', () =>
    withWorld(async (send, world) => {
      const create = (i: number): Typed => [
        'POST /proxies',
        { name: `p${i}`, listen: '@1', upstream: '@A' },
      ];
      expect(statuses(await together(world, times(50, create)))).to.deep.equal({ 201: 1, 500: 49 });
      const listed = proxiesIn(await send('GET /proxies'));
      expect([...listed.keys()].filter((name) => name !== 'stats')).to.have.length(1);
    }));

  it('make one toxic of fifty of the same name', () =>
    withWorld(async (send, world) => {
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      const add = (i: number): Typed => [
        'POST /proxies/p/toxics',
        {
          name: 't',
          type: 'latency',
          stream: i % 2 === 0 ? 'upstream' : 'downstream',
          attributes: { latency: i },
        },
      ];
      expect(statuses(await together(world, times(50, add)))).to.deep.equal({ 200: 1, 409: 49 });
      expect(proxiesIn(await send('GET /proxies')).get('p')?.toxics).to.have.length(1);
    }));

  it('lift a rule once of fifty, and delete a proxy once', () =>
    withWorld(async (send, world) => {
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      await send('POST /v1/rules', { rules: [{ on: 'stats', inject: 'hang' }] });
      const lifted = await together(
        world,
        times(50, () => ['DELETE /v1/rules/r1']),
      );
      expect(statuses(lifted)).to.deep.equal({ 204: 1, 404: 49 });
      const deleted = await together(
        world,
        times(50, () => ['DELETE /proxies/p']),
      );
      expect(statuses(deleted)).to.deep.equal({ 204: 1, 404: 49 });
    }));

  it('leave a proxy’s port to one of those that want to move there', () =>
    withWorld(async (send, world) => {
      const { addresses } = world;
      const create = (i: number): Typed => [
        'POST /proxies',
        { name: `p${i}`, listen: '@any', upstream: '@A' },
      ];
      await together(world, times(20, create));
      const move = (i: number): Typed => [`PATCH /proxies/p${i}`, { listen: '@1' }];
      const moved = await together(world, times(20, move));
      expect(statuses(moved)).to.deep.equal({ 200: 1, 500: 19 });
      const listed = [...proxiesIn(await send('GET /proxies')).values()];
      expect(listed.filter(({ listen }) => listen === addresses['@1'])).to.have.length(1);
      for (const { name, listen } of listed.filter((one) => one.name !== 'stats'))
        expect((await exchange(listen, echoed(), 10_000)).whole, name).to.equal(true);
    }));

  it('show nothing of one that will fail: neither before nor after the others', () =>
    withWorld(async (_send, world) => {
      const failing: Typed = [
        'POST /populate',
        [
          { name: 'p', listen: '@1', upstream: '@A' },
          // A name is looked up, which takes its time.
          ...Array.from({ length: 20 }, (_, i) => ({
            name: `q${i}`,
            listen: 'localhost:0',
            upstream: '@A',
          })),
          { name: 'r', listen: '@taken', upstream: '@A' },
        ],
      ];
      const looks: readonly Typed[] = [
        ['GET /proxies/p'],
        ['POST /proxies/p/toxics', { type: 'latency' }],
        ['PATCH /proxies/q7', { enabled: false }],
        ['DELETE /proxies/p'],
      ];
      for (let i = 0; i < 20; i++) {
        const [failed, ...looked] = await Promise.all([
          together(world, [failing]),
          ...looks.map(async (look) => {
            for (let turn = 0; turn < i; turn++) await nextPoll();
            return together(
              world,
              times(5, () => look),
            );
          }),
        ]);
        expect(failed[0]?.status).to.equal(500);
        expect(statuses(looked.flat())).to.deep.equal({ 404: 20 });
      }
    }));

  it('answer 600 of them as documented, and leave what they show', () =>
    withWorld(async (send, world) => {
      const traffic = startTraffic(
        () => ({ proxies: [...allOn(world)], rules: [], numbers: {}, taken: [] }),
        world.stats,
      );
      const random = createRandom('conflicts');
      const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
      const began = performance.now();
      const all = await atOnce(6, () =>
        together(
          world,
          times(100, () => pick(CHANGES)(pick)),
        ),
      );
      const replies = all.flat();
      const tookMs = performance.now() - began;
      await traffic.stop();
      expect(traffic.garbled).to.deep.equal([]);
      const strange = replies.filter(
        ({ status }) => ![200, 201, 204, 404, 409, 500].includes(status),
      );
      expect(strange).to.deep.equal([]);
      // What says 500 is a port that is taken, and nothing else.
      const failed = replies.filter(({ status }) => status === 500).map(({ body }) => body);
      for (const body of failed) expect(JSON.stringify(body)).to.match(/in use|taken/);
      expect(tookMs).to.be.below(60_000);
      await agrees(send, world);
    }));
});

/** What the API shows is what a client finds, and both of its views say the same. */
async function agrees(send: Send, { addresses }: World): Promise<void> {
  const proxies = [...proxiesIn(await send('GET /proxies')).values()];
  const { rules } = (await send('GET /v1/rules')).body as { rules: { id: string }[] };
  const toxics = proxies.flatMap((one) => one.toxics.map(({ name }) => `${one.name}/${name}`));
  const ids = rules.map(({ id }) => id).filter((id) => id.includes('/'));
  expect(ids.sort()).to.deep.equal(toxics.sort());
  expect((await send('POST /reset')).status).to.be.oneOf([204, 500]);
  const after = [...proxiesIn(await send('GET /proxies')).values()];
  const held = after.filter(({ enabled }) => enabled).map(({ listen }) => listen);
  expect(new Set(held).size).to.equal(held.length);
  for (const { name, listen, enabled } of after.filter((one) => one.name !== 'stats')) {
    if (!enabled) expect(held, `${name} could have been enabled`).to.include(listen);
    else expect((await exchange(listen, echoed(), 10_000)).whole, name).to.equal(true);
    expect((await send(`DELETE /proxies/${name}`)).status).to.equal(204);
  }
  for (const [key, address] of Object.entries(addresses))
    if (/^@\d$/.test(key)) expect(await isFreeAt(address), key).to.equal(true);
}

type Pick = <T>(all: readonly T[]) => T;
const NAMES = ['p1', 'p2', 'p3'];
const LISTENS = ['@1', '@2', '@3'];
const CHANGES: readonly ((pick: Pick) => Typed)[] = [
  (pick) => ['POST /proxies', { name: pick(NAMES), listen: pick(LISTENS), upstream: '@A' }],
  (pick) => [`DELETE /proxies/${pick(NAMES)}`],
  (pick) => [`PATCH /proxies/${pick(NAMES)}`, { enabled: pick([true, false]) }],
  (pick) => [`PATCH /proxies/${pick(NAMES)}`, { listen: pick(LISTENS) }],
  (pick) => [`PATCH /proxies/${pick(NAMES)}`, { upstream: pick(['@A', '@B']) }],
  (pick) => ['POST /populate', [{ name: pick(NAMES), listen: pick(LISTENS), upstream: '@A' }]],
  () => ['POST /reset'],
  (pick) => [
    `POST /proxies/${pick(NAMES)}/toxics`,
    {
      type: pick(['latency', 'timeout', 'reset_peer', 'slow_close', 'limit_data']),
      stream: pick(['upstream', 'downstream']),
    },
  ],
  (pick) => [`DELETE /proxies/${pick(NAMES)}/toxics/latency_upstream`],
  (pick) => [
    `PATCH /proxies/${pick(NAMES)}/toxics/latency_downstream`,
    { attributes: { latency: 5 } },
  ],
  (pick) => ['POST /v1/rules', { rules: [{ on: 'stats', inject: pick(['hang', 'reset']) }] }],
  () => ['DELETE /v1/rules'],
];

/** Wherever a proxy may listen just now. */
function allOn({ addresses }: World) {
  return LISTENS.map((key) => ({
    name: key,
    listen: addresses[key] ?? '',
    upstream: '',
    enabled: true,
    toxics: [],
  }));
}

function times(count: number, make: (i: number) => Typed): Typed[] {
  return Array.from({ length: count }, (_, i) => make(i));
}

function isFreeAt(address = ''): Promise<boolean> {
  const [host = '', port] = address.split(':');
  return isFree(host, Number(port));
}

function echoed() {
  return textFor(false, createRandom('echoed'));
}
