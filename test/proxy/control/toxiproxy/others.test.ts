import { request } from 'node:http';
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect } from 'chai';
import { GET, withRig } from '../../rig.ts';
import { startControl } from '../../../../src/proxy/control/start-control.ts';
import type { Rig } from '../../rig.ts';
import { TOXICS } from '../../../../src/proxy/toxiproxy/toxic-spec.ts';

type Ask = (line: string, body?: unknown) => Promise<{ status: number; body: never }>;

/** A rig whose upstream speaks HTTP, and was opened by others. */
function withOthers(test: (rig: Rig, ask: Ask) => Promise<void>): Promise<void> {
  return withRig({}, async (rig) => {
    const control = await startControl({ proxy: rig.proxy, port: 0 });
    try {
      await test(rig, async (line, body) => {
        const [method = '', path = ''] = line.split(' ');
        const sent = request(control.url + path, { agent: false, method });
        if (body !== undefined) sent.setHeader('content-type', 'application/json');
        sent.end(body === undefined ? undefined : JSON.stringify(body));
        const [response] = (await once(sent, 'response')) as [IncomingMessage];
        const text = Buffer.concat((await response.toArray()) as Buffer[]).toString();
        const read = text === '' ? undefined : JSON.parse(text);
        return { status: response.statusCode ?? 0, body: read as never };
      });
    } finally {
      await control[Symbol.asyncDispose]();
    }
  });
}

describe('an upstream that was opened otherwise', () => {
  it('is a proxy too, unless it is one of a run', () =>
    withOthers(async ({ open, proxy }, ask) => {
      await open({ name: 'cell', run: 'a' });
      const [stats] = proxy.upstreams;
      const { body } = await ask('GET /proxies');
      expect(body).to.deep.equal({
        stats: {
          name: 'stats',
          listen: stats?.address,
          upstream: stats?.made.target.replace('http://', ''),
          enabled: true,
          toxics: [],
        },
      });
      expect((await ask('GET /proxies/cell')).status).to.equal(404);
    }));

  it('carries toxics beside the rules on its calls, and its exchanges go on', () =>
    withOthers(async ({ connect, control }, ask) => {
      await control.add([{ on: 'leaderboard', inject: { status: 503, body: '' } }]);
      const body = { type: 'latency', attributes: { latency: 30 } };
      expect((await ask('POST /proxies/stats/toxics', body)).status).to.equal(200);
      const client = connect();
      for (const [path, status] of [
        ['leaderboards', 503],
        ['others', 200],
      ] as const) {
        const began = performance.now();
        client.send(GET.replace('leaderboards', path));
        expect(await client.answer()).to.include({ status });
        expect(performance.now() - began).to.be.at.least(30);
      }
      const rules = await control.rules();
      expect(rules.map(({ id }) => id)).to.deep.equal(['r1', 'stats/latency_downstream']);
      await ask('POST /reset');
      expect((await control.rules()).map(({ id }) => id)).to.deep.equal(['r1']);
    }));

  for (const { type, attributes } of TOXICS.values()) {
    it(`carries ${type} both ways, beside rules that act on its exchanges`, () =>
      withOthers(async ({ connect, control, completed }, ask) => {
        await control.add([{ on: 'leaderboard', inject: { latency: '1ms', at: 'body' } }]);
        const kept = connect();
        kept.send(GET);
        expect(await kept.answer()).to.include({ status: 200 });
        const least = Object.entries(attributes).map(([name, { min = 0 }]) => [name, min]);
        for (const stream of ['upstream', 'downstream']) {
          const body = { type, stream, attributes: Object.fromEntries(least) };
          expect((await ask('POST /proxies/stats/toxics', body)).status).to.equal(200);
        }
        const fresh = connect();
        for (const client of [kept, fresh]) client.send(GET);
        const harmless = HARMLESS.includes(type);
        const ended = type === 'reset_peer' ? 'rst' : 'fin';
        for (const client of [kept, fresh]) {
          if (harmless) expect(await client.answer()).to.include({ status: 200 });
          else if (CUTS.includes(type)) expect(await client.ended).to.equal(ended);
        }
        await ask('POST /reset');
        for (const client of [kept, fresh]) {
          if (type === 'bandwidth') expect(await client.answer()).to.include({ status: 200 });
          if (type === 'timeout') expect(await client.ended).to.equal('fin');
        }
        const healthy = connect();
        healthy.send(GET);
        expect(await healthy.answer()).to.include({ status: 200 });
        await completed(2);
      }));
  }

  it('is disabled, keeps its rules meanwhile, and speaks what it spoke when it is enabled', () =>
    withOthers(async ({ connect, control, proxy }, ask) => {
      await control.add([{ on: 'leaderboard', inject: { status: 503, body: '' } }]);
      const before = proxy.upstreams[0]?.url;
      await ask('POST /proxies/stats', { enabled: false });
      expect(await connect(before).ended).to.equal('refused');
      expect(proxy.upstreams).to.deep.equal([]);
      const added = await control.add([{ on: 'player-stats', inject: { status: 500, body: '' } }]);
      await ask('POST /proxies/stats', { enabled: true });
      expect(proxy.upstreams[0]?.url).to.equal(before);
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 503 });
      client.send(GET.replace('leaderboards', 'stats'));
      expect(await client.answer()).to.include({ status: 500 });
      await control.remove(added[0]?.id ?? '');
      client.send(GET.replace('leaderboards', 'stats'));
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('stands before another target when it is told to, in the same protocol', () =>
    withOthers(async ({ connect, open, proxy }, ask) => {
      const other = await open({ name: 'other', calls: {} });
      await ask('PATCH /proxies/stats', { upstream: other.address });
      expect(proxy.upstreams.find(({ name }) => name === 'stats')?.made).to.include({
        target: other.url,
      });
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ status: 200 });
    }));

  it('is deleted with every rule on it and its calls', () =>
    withOthers(async ({ control, connect, open, url }, ask) => {
      await open({ name: 'other', calls: {} });
      await control.add([
        { on: 'leaderboard', inject: 'reset' },
        { on: 'stats.player-stats', inject: 'reset' },
        { on: 'stats', inject: 'refuse' },
        { on: 'other', inject: 'reset' },
      ]);
      expect((await ask('DELETE /proxies/stats')).status).to.equal(204);
      expect(await connect(url).ended).to.equal('refused');
      expect((await control.rules()).map(({ on }) => on)).to.deep.equal(['other']);
    }));

  it('leaves the names of its calls to rules', () =>
    withOthers(async (_rig, ask) => {
      for (const name of ['leaderboard', 'stats.leaderboard']) {
        const { status, body } = await ask('POST /proxies', { name, upstream: 'x:1' });
        expect(status).to.equal(409);
        expect(body).to.have.property(
          'error',
          `"${name}" is a call of the upstream "stats": choose another name`,
        );
      }
    }));

  it('is not made again under the name of a run’s that speaks otherwise', () =>
    withOthers(async ({ open }, ask) => {
      await open({ name: 'cell', run: 'a' });
      const { status, body } = await ask('POST /proxies', { name: 'cell', upstream: 'x:1' });
      expect(status).to.equal(409);
      expect(body)
        .to.have.property('error')
        .that.matches(/"cell" is open already/);
    }));

  it('is no proxy any more once it is closed by whom it was opened', () =>
    withOthers(async ({ proxy }, ask) => {
      await ask('PATCH /proxies/stats', { listen: 'localhost:0' });
      await proxy.upstreams[0]?.[Symbol.asyncDispose]();
      expect((await ask('GET /proxies')).body).to.deep.equal({});
    }));

  it('has its toxics as rules: lifted as rules are, and changed by their own routes', () =>
    withOthers(async ({ control }, ask) => {
      const toxic = { type: 'timeout', stream: 'Upstream', toxicity: 0.5 };
      const { body } = await ask('POST /proxies/stats/toxics', toxic);
      const [rule] = await control.rules();
      expect(rule).to.deep.equal({
        id: 'stats/timeout_Upstream',
        on: 'stats',
        inject: [{ fault: 'timeout', timeout: 0, stream: 'up' }],
        trigger: { probability: 0.5 },
        toxic: body,
      });
      const path = '/v1/rules/stats%2Ftimeout_Upstream';
      expect((await ask(`GET ${path}`)).body).to.deep.equal(rule);
      const refusal = await ask(`PUT ${path}`, { on: 'stats', inject: 'reset' });
      expect(refusal.status).to.equal(409);
      expect(refusal.body)
        .to.have.property('error')
        .that.equals(
          'the rule "stats/timeout_Upstream" is a toxic: change it by PATCH /proxies/stats/toxics/timeout_Upstream',
        );
      expect((await ask(`DELETE ${path}`)).status).to.equal(204);
      expect((await ask('GET /proxies/stats/toxics')).body).to.deep.equal([]);
      await ask('POST /proxies/stats/toxics', toxic);
      expect((await ask('DELETE /v1/rules')).body).to.deep.equal({ removed: 1 });
      expect((await ask('GET /proxies/stats/toxics')).body).to.deep.equal([]);
    }));
});

/** At their least values. */
const HARMLESS = ['latency', 'noop', 'slicer', 'slow_close'];
const CUTS = ['limit_data', 'reset_peer'];
