import { expect } from 'chai';
import { createServer } from 'node:http';
import { namesOf, type Wanted } from '../../src/cli/proxy/config.ts';
import { createStanding, type Standing } from '../../src/cli/proxy/standing.ts';
import { listen } from '../../src/common/server.ts';
import { createProxy, type Proxy, type ProxyUpstream } from '../../src/proxy/proxy.ts';
import { rawClient } from '../helpers/raw-client.ts';

const GET = 'GET /x HTTP/1.1\r\nHost: a\r\n\r\n';

describe('what of a proxy stands by its file', () => {
  it('is put back where the last of several steps fails, with its ids, ports and connections', () =>
    withStanding(async ({ proxy, standing, target, failing }) => {
      const same = { name: 'same', target };
      const old = { name: 'old', target };
      const moved = { name: 'moved', target };
      const onMoved = { on: 'moved', inject: [{ status: 418 }] };
      const onOld = { on: 'old', inject: 'reset' };
      await standing.become(wanted([same, old, moved], [onMoved, onOld]));
      const before = picture(proxy);
      const rules = await proxy.control.rules();
      const client = rawClient(urlOf(proxy, 'same'));
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
      // It is opened when the others have been closed: it takes the place of one.
      const late = { ...moved, port: portOf(proxy, 'old') };
      failing.add('moved');
      const error = await standing.become(wanted([same, late], [])).catch((e: unknown) => e);
      expect(error).to.have.property('message', 'moved cannot be opened');
      expect(picture(proxy)).to.deep.equal(before);
      expect(await proxy.control.rules()).to.deep.equal(rules);
      expect((await fetch(urlOf(proxy, 'moved'))).status).to.equal(418);
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
      client.destroy();
      failing.clear();
      const change = await standing.become(wanted([same, late], []));
      expect(change).to.deep.include({ removed: ['old'], renamed: [] });
      expect(portOf(proxy, 'moved')).to.equal(late.port);
    }));

  it('says what could not be put back', () =>
    withStanding(async ({ proxy, standing, target, failing }) => {
      await standing.become(
        wanted(
          [
            { name: 'a', target },
            { name: 'b', target },
          ],
          [],
        ),
      );
      const [a, b] = [portOf(proxy, 'a'), portOf(proxy, 'b')];
      failing.add('a').add('b');
      const swapped = [
        { name: 'a', target, port: b },
        { name: 'b', target, port: a },
      ];
      const error = await standing.become(wanted(swapped, [])).catch((e: unknown) => e);
      expect(error).to.have.property('code', 'not_put_back');
      expect(error)
        .to.have.property('message')
        .that.matches(/^a cannot be opened; and not all could be put back: /);
    }));

  it('goes with its rules to another protocol, unless somebody else’s stand there', () =>
    withStanding(async ({ proxy, standing, target }) => {
      const http: ProxyUpstream = { name: 'a', target };
      const tcp: ProxyUpstream = { ...http, protocol: 'tcp' };
      const cut = { on: 'a', inject: { 'limit-data': '3B' } };
      await standing.become(wanted([http], [cut]));
      const port = portOf(proxy, 'a');
      const [other] = await proxy.control.add([{ on: 'a', inject: 'hang' }], 'b');
      const error = await standing.become(wanted([tcp], [cut])).catch((e: unknown) => e);
      expect(error).to.have.property('message').that.includes('which would speak otherwise');
      expect(proxy.upstreams[0]?.url).to.match(/^http:/);
      await proxy.control.remove(other?.id ?? '');
      const change = await standing.become(wanted([tcp], [cut]));
      expect(change.rulesAdded).to.have.length(1);
      expect(change.rulesLifted).to.have.length(1);
      expect(proxy.upstreams[0]?.url).to.equal(`tcp://127.0.0.1:${port}`);
      const client = rawClient(urlOf(proxy, 'a').replace('tcp', 'http'));
      client.send(GET);
      expect(await client.ended).to.equal('fin');
      expect(client.text).to.have.length(3);
    }));

  it('stands again where somebody has lifted or changed it meanwhile, and leaves theirs alone', () =>
    withStanding(async ({ proxy, standing, target }) => {
      const a = { name: 'a', target };
      const rules = ['reset', 'hang'].map((inject) => ({ on: 'a', match: 'GET /y', inject }));
      await standing.become(wanted([a], rules));
      await proxy.control.remove('r1');
      await proxy.control.replace('r2', { on: 'a', match: 'GET /y', inject: 'close' });
      await proxy.control.add([{ on: 'a', match: 'GET /y', inject: 'empty' }]);
      await standing.become(wanted([a], rules));
      const faults = (await proxy.control.rules()).map(({ inject: [first] }) => first?.fault);
      expect(faults).to.have.members(['reset', 'hang', 'empty']);
      const again = await standing.become(wanted([a], rules));
      expect([again.rulesAdded, again.rulesLifted]).to.deep.equal([[], []]);
    }));

  it('may hold the same rule twice', () =>
    withStanding(async ({ proxy, standing, target }) => {
      const a = { name: 'a', target };
      const rule = { on: 'a', inject: { latency: '1ms' } };
      await standing.become(wanted([a], [rule, rule]));
      await standing.become(wanted([a], [rule]));
      expect((await proxy.control.rules()).map(({ id }) => id)).to.deep.equal(['r1']);
      const change = await standing.become(wanted([a], [rule, rule, rule]));
      expect(change.rulesAdded.map(({ id }) => id)).to.deep.equal(['r3', 'r4']);
    }));

  it('knows the names of upstreams, calls and Toxiproxy’s proxies', () => {
    const proxies = [{ name: 'db', listen: '', upstream: 'x:1' }];
    const upstreams = [{ name: 'a', target: 'http://a', calls: { b: 'GET /' }, tls: true }];
    expect(namesOf({ upstreams, proxies })).to.deep.equal({
      a: { protocol: 'http', tls: true, calls: ['b'] },
      db: { protocol: 'tcp', calls: [] },
    });
  });
});

interface Rig {
  readonly proxy: Proxy;
  readonly standing: Standing;
  /** The URL of a service that answers. */
  readonly target: string;
  /** Names of upstreams that cannot be opened. */
  readonly failing: Set<string>;
}

async function withStanding(test: (rig: Rig) => Promise<void>): Promise<void> {
  await using target = await listen(createServer((_, response) => void response.end('well')));
  await using proxy = createProxy();
  const failing = new Set<string>();
  const standing = createStanding(proxy, (upstream) => {
    const fails = failing.has(upstream.name);
    // What takes it back is not kept from it, where only one fails.
    if (failing.size === 1) failing.delete(upstream.name);
    return fails
      ? Promise.reject(new Error(`${upstream.name} cannot be opened`))
      : proxy.open(upstream);
  });
  await test({ proxy, standing, target: target.url, failing });
}

function wanted(upstreams: readonly ProxyUpstream[], rules: readonly unknown[]): Wanted {
  return { upstreams, rules, proxies: [] };
}

function picture({ upstreams }: Proxy): string[] {
  return upstreams.map(({ name, url }) => `${name} ${url}`).sort();
}

function urlOf({ upstreams }: Proxy, name: string): string {
  return upstreams.find((one) => one.name === name)?.url ?? '';
}

function portOf(proxy: Proxy, name: string): number {
  return Number(new URL(urlOf(proxy, name)).port);
}
