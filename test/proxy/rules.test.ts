import { expect } from 'chai';
import { GET, send, withRig } from './rig.ts';

describe('which requests a rule acts on', () => {
  for (const [on, acts] of [
    ['leaderboard', [503, 200, 200]],
    ['stats.leaderboard', [503, 200, 200]],
    ['player-stats', [200, 503, 200]],
    ['stats', [503, 503, 503]],
  ] as const) {
    it(`is those of "${on}"`, () =>
      withRig({}, async ({ control, url, completed }) => {
        await control.add([{ on, inject: { status: 503 } }]);
        const paths = ['/leaderboards/duke', '/stats/ann', '/health'];
        const seen: number[] = [];
        for (const path of paths) seen.push((await send(url + path)).status);
        expect(seen).to.deep.equal(acts);
        const calls = (await completed(3)).map(({ call }) => call);
        expect(calls).to.deep.equal(['leaderboard', 'player-stats', null]);
      }));
  }

  const ask = (path: string, headers: Record<string, string> = {}, method = 'GET') => ({
    path,
    headers,
    method,
  });
  const cases: readonly [unknown, ReturnType<typeof ask>[], ReturnType<typeof ask>[]][] = [
    ['GET /a/:id', [ask('/a/1'), ask('/a/1?x=1')], [ask('/a'), ask('/A/1'), ask('/a/1/2')]],
    ['* /a/*rest', [ask('/a/1/2'), ask('/a/1', {}, 'POST')], [ask('/b/1')]],
    ['GET /a%2Fb', [ask('/a%2Fb')], [ask('/a/b')]],
    [{ method: 'POST' }, [ask('/x', {}, 'POST')], [ask('/x')]],
    [{ path: '/a' }, [ask('/a'), ask('/a', {}, 'PUT')], [ask('/b')]],
    [{ query: { p: '1' } }, [ask('/?p=1'), ask('/?q=2&p=1')], [ask('/'), ask('/?p=2')]],
    [{ query: { p: { present: true } } }, [ask('/?p=')], [ask('/?q=1')]],
    [{ query: { p: { absent: true } } }, [ask('/?q=1')], [ask('/?p=')]],
    [{ query: { p: { contains: 'b' } } }, [ask('/?p=abc')], [ask('/?p=ac'), ask('/')]],
    [{ headers: { 'X-A': 'b' } }, [ask('/', { 'x-a': 'b' })], [ask('/', { 'x-a': 'c' }), ask('/')]],
    [{ headers: { constructor: { present: true } } }, [ask('/', { constructor: 'x' })], [ask('/')]],
    [
      { method: 'GET', path: '/a', query: { p: '1' }, headers: { h: { contains: '1' } } },
      [ask('/a?p=1', { h: '010' })],
      [ask('/a?p=1'), ask('/a', { h: '1' }), ask('/a?p=1', { h: '1' }, 'POST')],
    ],
  ];
  for (const [match, meant, others] of cases) {
    it(`is those that match ${JSON.stringify(match)}`, () =>
      withRig({}, async ({ control, url }) => {
        await control.add([{ on: 'stats', match, inject: { status: 503 } }]);
        for (const { path, ...how } of meant) {
          expect((await send(url + path, how)).status, JSON.stringify({ path, how })).to.equal(503);
        }
        for (const { path, ...how } of others) {
          expect((await send(url + path, how)).status, JSON.stringify({ path, how })).to.equal(200);
        }
      }));
  }

  for (const [trigger, expected] of [
    [{ first: 20 }, 20],
    [{ first: 0 }, 0],
    [{ nth: [2, 50] }, 2],
    [{ nth: 7 }, 1],
    [{ every: 7 }, 7],
    [{ first: 20, every: 3 }, 6],
  ] as const) {
    it(`are exactly ${expected} of 50 at once with ${JSON.stringify(trigger)}`, () =>
      withRig({}, async ({ control, url }) => {
        await control.add([{ on: 'leaderboard', inject: { status: 503 }, trigger }]);
        const all = Array.from({ length: 50 }, () => send(`${url}/leaderboards/duke`));
        const hit = (await Promise.all(all)).filter(({ status }) => status === 503);
        expect(hit).to.have.length(expected);
      }));
  }

  it('are those of its own run, though upstreams of two runs have one name', () =>
    withRig({ run: 'a' }, async ({ control, url, open }) => {
      const { url: other } = await open({ run: 'b' });
      await control.add(
        [{ on: 'leaderboard', inject: { status: 503 }, trigger: { first: 1 } }],
        'a',
      );
      await control.add([{ on: 'leaderboard', inject: { status: 500 } }], 'b');
      const seen = [];
      for (const base of [other, url, url, other]) {
        seen.push((await send(`${base}/leaderboards/duke`)).status);
      }
      expect(seen).to.deep.equal([500, 503, 200, 500]);
      expect(await control.clear('a')).to.equal(1);
      expect(await control.rules()).to.deep.equal([
        { id: 'b.r1', run: 'b', on: 'leaderboard', inject: [{ fault: 'status', code: 500 }] },
      ]);
      expect((await control.journal({ run: 'a' })).entries).to.have.length(2);
    }));

  it('are those of every run where it has none', () =>
    withRig({ run: 'a' }, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { status: 503 } }]);
      expect((await send(`${url}/leaderboards/duke`)).status).to.equal(503);
    }));
});

describe('what a rule does', () => {
  it('is a list that acts in the order of the phases', () =>
    withRig({}, async ({ control, connect, completed }) => {
      const inject = [
        { mutate: 'nullify', pointer: '' },
        { latency: '5ms', at: 'headers' },
        { latency: '5ms' },
      ];
      await control.add([{ on: 'leaderboard', inject }]);
      const client = connect();
      client.send(GET);
      expect(await client.answer()).to.include({ body: 'null' });
      expect(client.text).to.include('x-brownout-fault: latency, mutate');
      const [entry] = await completed(1);
      expect(entry?.injected.map(({ fault, phase }) => `${fault} ${phase}`)).to.deep.equal([
        'latency request',
        'latency headers',
        'mutate body',
      ]);
    }));

  it('is shown in full form, however it was written', () =>
    withRig({}, async ({ control }) => {
      const trigger = { nth: [1, 2] };
      const rules = await control.add([
        { on: 'leaderboard', inject: 'reset' },
        { on: 'stats', inject: { reset: null } },
        { on: 'stats', match: 'GET /', inject: { status: 503, body: '' }, trigger },
        { on: 'stats', inject: [{ fault: 'latency', delay: '1s' }, 'empty'] },
      ]);
      expect(rules).to.deep.equal([
        { id: 'r1', on: 'leaderboard', inject: [{ fault: 'reset' }] },
        { id: 'r2', on: 'stats', inject: [{ fault: 'reset' }] },
        {
          id: 'r3',
          on: 'stats',
          match: 'GET /',
          inject: [{ fault: 'status', code: 503, body: '' }],
          trigger,
        },
        { id: 'r4', on: 'stats', inject: [{ fault: 'latency', delay: '1s' }, { fault: 'empty' }] },
      ]);
      await control.clear();
      expect(await control.add(rules.map(({ id: _id, ...spec }) => spec))).to.have.length(4);
    }));

  it('goes on counting when it is replaced, under the same id', () =>
    withRig({}, async ({ control, url }) => {
      const rule = (code: number) => ({
        on: 'leaderboard',
        inject: { status: code },
        trigger: { nth: [1, 3] },
      });
      await control.add([rule(503)]);
      const seen = [];
      for (let i = 0; i < 3; i++) {
        seen.push((await send(`${url}/leaderboards/duke`)).status);
        const replaced = await control.replace('r1', rule(500));
        expect(replaced?.id).to.equal('r1');
      }
      expect(seen).to.deep.equal([503, 200, 500]);
      expect(await control.rules()).to.have.length(1);
      expect(await control.replace('r9', rule(500))).to.equal(undefined);
      expect(await control.remove('r9')).to.equal(false);
    }));

  it('stays as it is when it cannot be replaced', () =>
    withRig({}, async ({ control, url }) => {
      await control.add([{ on: 'leaderboard', inject: { status: 503 } }]);
      const error = await control
        .replace('r1', { on: 'x', inject: 'hang' })
        .catch((e: unknown) => e);
      expect(error).to.have.nested.property('problems[0].path').that.deep.equals(['on']);
      expect((await send(`${url}/leaderboards/duke`)).status).to.equal(503);
    }));
});
