import { expect } from 'chai';
import { createRandom } from '../../../../src/common/random.ts';
import { isFree, proxiesIn, type World } from '../model/world.ts';
import { startTraffic } from '../model/traffic.ts';
import { atOnce, exchange, statuses, textFor, withWorld, type Send } from './with-world.ts';

describe('conflicting changes at once', function () {
  this.timeout(120_000);

  it('make one proxy of fifty of the same name', () =>
    withWorld(async (send, { addresses }) => {
      const create = () => send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      expect(statuses(await atOnce(50, create))).to.deep.equal({ 201: 1, 409: 49 });
      expect((await exchange(addresses['@1'] ?? '', echoed(), 10_000)).whole).to.equal(true);
      expect((await send('DELETE /proxies/p')).status).to.equal(204);
      expect(await isFreeAt(addresses['@1'])).to.equal(true);
    }));

  it('make one proxy of fifty on the same port, and nothing of the others', () =>
    withWorld(async (send) => {
      const create = (i: number) =>
        send('POST /proxies', { name: `p${i}`, listen: '@1', upstream: '@A' });
      expect(statuses(await atOnce(50, create))).to.deep.equal({ 201: 1, 500: 49 });
      const listed = proxiesIn(await send('GET /proxies'));
      expect([...listed.keys()].filter((name) => name !== 'stats')).to.have.length(1);
    }));

  it('make one toxic of fifty of the same name', () =>
    withWorld(async (send) => {
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      const add = (i: number) =>
        send('POST /proxies/p/toxics', {
          name: 't',
          type: 'latency',
          stream: i % 2 === 0 ? 'upstream' : 'downstream',
          attributes: { latency: i },
        });
      expect(statuses(await atOnce(50, add))).to.deep.equal({ 200: 1, 409: 49 });
      expect(proxiesIn(await send('GET /proxies')).get('p')?.toxics).to.have.length(1);
    }));

  it('lift a rule once of fifty, and delete a proxy once', () =>
    withWorld(async (send) => {
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      await send('POST /v1/rules', { rules: [{ on: 'stats', inject: 'hang' }] });
      const lifted = await atOnce(50, () => send('DELETE /v1/rules/r1'));
      expect(statuses(lifted)).to.deep.equal({ 204: 1, 404: 49 });
      const deleted = await atOnce(50, () => send('DELETE /proxies/p'));
      expect(statuses(deleted)).to.deep.equal({ 204: 1, 404: 49 });
    }));

  it('leave a proxy’s port to one of those that want to move there', () =>
    withWorld(async (send, { addresses }) => {
      await atOnce(20, (i) =>
        send('POST /proxies', { name: `p${i}`, listen: '@any', upstream: '@A' }),
      );
      const moved = await atOnce(20, (i) => send(`PATCH /proxies/p${i}`, { listen: '@1' }));
      expect(statuses(moved)).to.deep.equal({ 200: 1, 500: 19 });
      const listed = [...proxiesIn(await send('GET /proxies')).values()];
      expect(listed.filter(({ listen }) => listen === addresses['@1'])).to.have.length(1);
      for (const { name, listen } of listed.filter((one) => one.name !== 'stats'))
        expect((await exchange(listen, echoed(), 10_000)).whole, name).to.equal(true);
    }));

  it('answer 600 of them as documented, and leave what they show', () =>
    withWorld(async (send, world) => {
      const traffic = startTraffic(
        () => ({ proxies: [...ALL_ON(world)], rules: [], numbers: {}, taken: [] }),
        world.stats,
      );
      const random = createRandom('conflicts');
      const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)] as T;
      const replies = await atOnce(600, () => pick(CHANGES)(send, pick));
      await traffic.stop();
      expect(traffic.garbled).to.deep.equal([]);
      const strange = replies.filter(
        ({ status }) => ![200, 201, 204, 404, 409, 500].includes(status),
      );
      expect(strange).to.deep.equal([]);
      // What says 500 is a port that is taken, and nothing else.
      const failed = replies.filter(({ status }) => status === 500).map(({ body }) => body);
      for (const body of failed) expect(JSON.stringify(body)).to.match(/in use|taken/);
      expect(Math.max(...replies.map(({ ms }) => ms))).to.be.below(30_000);
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
const CHANGES: readonly ((send: Send, pick: Pick) => ReturnType<Send>)[] = [
  (send, pick) =>
    send('POST /proxies', { name: pick(NAMES), listen: pick(LISTENS), upstream: '@A' }),
  (send, pick) => send(`DELETE /proxies/${pick(NAMES)}`),
  (send, pick) => send(`PATCH /proxies/${pick(NAMES)}`, { enabled: pick([true, false]) }),
  (send, pick) => send(`PATCH /proxies/${pick(NAMES)}`, { listen: pick(LISTENS) }),
  (send, pick) => send(`PATCH /proxies/${pick(NAMES)}`, { upstream: pick(['@A', '@B']) }),
  (send, pick) =>
    send('POST /populate', [{ name: pick(NAMES), listen: pick(LISTENS), upstream: '@A' }]),
  (send) => send('POST /reset'),
  (send, pick) =>
    send(`POST /proxies/${pick(NAMES)}/toxics`, {
      type: pick(['latency', 'timeout', 'reset_peer', 'slow_close', 'limit_data']),
      stream: pick(['upstream', 'downstream']),
    }),
  (send, pick) => send(`DELETE /proxies/${pick(NAMES)}/toxics/latency_upstream`),
  (send, pick) =>
    send(`PATCH /proxies/${pick(NAMES)}/toxics/latency_downstream`, { attributes: { latency: 5 } }),
  (send, pick) =>
    send('POST /v1/rules', { rules: [{ on: 'stats', inject: pick(['hang', 'reset']) }] }),
  (send) => send('DELETE /v1/rules'),
];

/** Wherever a proxy may listen just now. */
function ALL_ON({ addresses }: World) {
  return LISTENS.map((key) => ({
    name: key,
    listen: addresses[key] ?? '',
    upstream: '',
    enabled: true,
    toxics: [],
  }));
}

function isFreeAt(address = ''): Promise<boolean> {
  const [host = '', port] = address.split(':');
  return isFree(host, Number(port));
}

function echoed() {
  return textFor(false, createRandom('echoed'));
}
