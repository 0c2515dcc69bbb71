import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../../../src/common/server.ts';
import {
  echo,
  refused,
  silent,
  toxicOf,
  withToxiproxy,
  type Told,
  type ToxiproxyRig,
} from './with-toxiproxy.ts';

interface View {
  readonly name: string;
  readonly listen: string;
  readonly toxics: readonly object[];
}

/** A refusal of populate, which is JSON. */
function notPopulated(told: Told, status: number, error: string | RegExp): void {
  expect(told.status, told.text).to.equal(status);
  expect(told.headers).to.include({ 'content-type': 'application/json' });
  const { error: said, ...others } = told.body as { error: string };
  expect(others).to.deep.equal({ status, proxies: null });
  if (typeof error === 'string') expect(said).to.equal(error);
  else expect(said).to.match(error);
}

const LATENCY = toxicOf('latency', { latency: 9, jitter: 0 });
const populated = (told: Told) => (told.body as { proxies: View[] }).proxies;

describe('POST /populate', () => {
  it('makes proxies with 201, and tells them in their order', () =>
    withToxiproxy(echo, async ({ client, upstream, ask, pair }) => {
      const given = [
        { name: 'b', listen: '127.0.0.1:0', upstream },
        { name: 'a', listen: '127.0.0.1:0', upstream, enabled: false },
      ];
      const told = await ask('POST /populate', given);
      expect(told.status).to.equal(201);
      expect(told.headers).to.include({ 'content-type': 'application/json' });
      expect(populated(told).map(({ name }) => name)).to.deep.equal(['b', 'a']);
      expect(populated(told)[1]).to.deep.equal({ ...given[1], toxics: [] });
      await pair(populated(told)[0] as View);
      const byClient = await client.populate([{ name: 'c', listen: '127.0.0.1:0', upstream }]);
      expect(Object.keys(byClient)).to.deep.equal(['c']);
      expect(Object.keys(await client.getAll())).to.deep.equal(['a', 'b', 'c']);
    }));

  it('of nothing is 201, and tells null as Toxiproxy', () =>
    withToxiproxy(silent, async ({ ask }) => {
      const told = await ask('POST /populate', []);
      expect([told.status, told.text]).to.deep.equal([201, '{"proxies":null}']);
    }));

  it('applies the toxics that are given', () =>
    withToxiproxy(echo, async ({ ask, upstream, dial }) => {
      const toxics = [{ type: 'latency', attributes: { latency: 50 } }];
      const told = await ask('POST /populate', [{ name: 'a', upstream, toxics }]);
      const client = dial(populated(told)[0] as View);
      const began = performance.now();
      client.send('late');
      expect(await client.until((text) => text === 'late')).to.equal(undefined);
      expect(performance.now() - began).to.be.at.least(50);
    }));

  it('leaves what is there already as it is: toxics, enabled, and what is open', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const made = await ask('POST /proxies', { name: 'a', upstream, listen: '127.0.0.1:0' });
      await ask('POST /proxies', { name: 'off', upstream, listen: 'x', enabled: false });
      await ask('POST /proxies/a/toxics', LATENCY);
      const port = (made.body as View).listen.split(':').at(-1);
      const [client, server] = await pair(made.body);
      const told = await ask('POST /populate', [
        { name: 'a', upstream, listen: `localhost:${port}` },
        { name: 'off', upstream, listen: 'x' },
      ]);
      expect(told.status).to.equal(201);
      expect(populated(told)).to.deep.equal([
        { ...(made.body as View), toxics: [LATENCY] },
        { name: 'off', upstream, listen: 'x', enabled: false, toxics: [] },
      ]);
      server.send('still');
      expect(await client.until((text) => text === 'still')).to.equal(undefined);
    }));

  it('disables, and changes toxics, where the body says so', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair, dial }) => {
      const { body: made } = await ask('POST /proxies', { name: 'a', upstream });
      const { listen: listens } = made as View;
      await ask('POST /proxies/a/toxics', LATENCY);
      await ask('POST /proxies/a/toxics', { type: 'timeout', stream: 'upstream' });
      const put = (more: object) =>
        ask('POST /populate', [{ name: 'a', upstream, listen: listens, ...more }]);
      const [client, server] = await pair(made);
      const other = toxicOf('noop', {});
      // The timeout that goes closes what is open; all else goes on.
      expect(populated(await put({ toxics: [LATENCY, other] }))[0]?.toxics).to.deep.equal([
        LATENCY,
        other,
      ]);
      expect(await client.ended).to.equal('fin');
      await server.ended;
      const [second, peer] = await pair(made);
      await put({ toxics: [LATENCY] });
      peer.send('still');
      expect(await second.until((text) => text === 'still')).to.equal(undefined);
      expect(populated(await put({ enabled: false }))[0]).to.include({ enabled: false });
      expect(await dial(listens).ended).to.equal('refused');
      expect(populated(await put({ enabled: true }))[0]).to.deep.include({
        enabled: true,
        toxics: [LATENCY],
      });
      await pair(listens);
    }));

  it('moves what has another address, and its toxics are gone', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair, dial }) => {
      const { body: made } = await ask('POST /proxies', { name: 'a', upstream });
      await ask('POST /proxies/a/toxics', LATENCY);
      const [client] = await pair(made);
      const told = await ask('POST /populate', [{ name: 'a', upstream, listen: '127.0.0.1:0' }]);
      const [moved] = populated(told);
      expect(moved?.toxics).to.deep.equal([]);
      expect(await client.ended).to.equal('rst');
      expect(await dial(made).ended).to.equal('refused');
      await pair(moved as View);
      // A random port is never the one that it has.
      const again = await ask('POST /populate', [{ name: 'a', upstream, listen: '127.0.0.1:0' }]);
      expect(populated(again)[0]?.listen).not.to.equal(moved?.listen);
    }));

  it('changes nothing where one of them cannot be', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const { body: made } = await ask('POST /proxies', { name: 'a', upstream });
      await ask('POST /proxies/a/toxics', LATENCY);
      await ask('POST /proxies', { name: 'off', upstream: 'x', enabled: false });
      const other = await listen(createServer());
      const before = (await ask('GET /proxies')).text;
      const taken = { name: 'z', upstream, listen: `127.0.0.1:${other.port}` };
      const told = await ask('POST /populate', [
        { name: 'new', upstream, toxics: [{ type: 'latency' }] },
        { name: 'a', upstream, listen: '127.0.0.1:0', toxics: [{ type: 'timeout' }] },
        { name: 'off', upstream, enabled: true },
        taken,
      ]);
      notPopulated(told, 500, `listen tcp ${taken.listen}: bind: address already in use`);
      expect((await ask('GET /proxies')).text).to.equal(before);
      await pair(made);
      await other[Symbol.asyncDispose]();
    }));

  it('checks all of them before it makes the first', () =>
    withToxiproxy(silent, async ({ ask, upstream }) => {
      const good = { name: 'a', upstream };
      const put = (body?: unknown) => ask('POST /populate', body);
      notPopulated(await put([good, {}]), 400, 'missing required field: name at proxy 2');
      notPopulated(
        await put([good, good, { name: 'c' }]),
        400,
        'missing required field: upstream at proxy 3',
      );
      notPopulated(await put(good), 400, /^bad request body: expected a list of proxies, got \{/);
      notPopulated(await put(), 400, 'bad request body: EOF');
      notPopulated(await put('['), 400, /^bad request body: /);
      notPopulated(await put([good, 5]), 400, 'bad request body: 1: expected an object, got 5');
      notPopulated(
        await put([good, { ...good, name: 'x/y' }]),
        400,
        /body: 1\.name: expected 1 to/,
      );
      notPopulated(await put([{ ...good, upstream: 'x' }]), 400, /upstream: expected host:port/);
      const toxic = (more: object) => put([{ ...good, toxics: [{ type: 'noop' }, more] }]);
      notPopulated(await toxic({ type: 'x' }), 400, /0\.toxics\.1\.type: invalid toxic type$/);
      notPopulated(
        await toxic({ type: 'bandwidth', attributes: { rate: -1 } }),
        400,
        /0\.toxics\.1\.attributes\.rate: .*got -1$/,
      );
      notPopulated(await toxic({ type: 'noop' }), 400, /"noop_downstream" is given to two toxics/);
      expect((await ask('GET /proxies')).text).to.equal('{}');
    }));
});

describe('POST /reset', () => {
  const three = async ({ ask, upstream }: ToxiproxyRig) => {
    const told = await ask(
      'POST /populate',
      ['a', 'b', 'c'].map((name) => ({
        name,
        upstream,
        listen: '127.0.0.1:0',
        toxics: [LATENCY, { type: 'noop', stream: 'upstream' }],
      })),
    );
    for (const name of ['a', 'b']) await ask(`PATCH /proxies/${name}`, { enabled: false });
    return populated(told);
  };

  it('enables every proxy and removes every toxic, with 204', () =>
    withToxiproxy(silent, async (rig) => {
      const made = await three(rig);
      await rig.client.reset();
      expect((await rig.ask('POST /reset')).status).to.equal(204);
      const healthy = made.map((view) => [view.name, { ...view, toxics: [] }]);
      expect((await rig.ask('GET /proxies')).body).to.deep.equal(Object.fromEntries(healthy));
      for (const view of made) await rig.pair(view);
    }));

  it('resets the others where one cannot be enabled, and says which', () =>
    withToxiproxy(silent, async (rig) => {
      const made = await three(rig);
      const [first] = made;
      const port = Number(first?.listen.split(':').at(-1));
      const other = await listen(createServer(), port);
      refused(
        await rig.ask('POST /reset'),
        500,
        `a: listen tcp ${first?.listen}: bind: address already in use`,
      );
      const views = Object.values((await rig.ask('GET /proxies')).body) as View[];
      expect(views.map(({ toxics }) => toxics)).to.deep.equal([[], [], []]);
      expect(views.map((view) => 'enabled' in view && view.enabled)).to.deep.equal([
        false,
        true,
        true,
      ]);
      await other[Symbol.asyncDispose]();
    }));
});
