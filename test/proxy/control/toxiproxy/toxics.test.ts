import { expect } from 'chai';
import { refused, silent, toxicOf, withToxiproxy, type ToxiproxyRig } from './with-toxiproxy.ts';

type Ask = ToxiproxyRig['ask'];

/** A proxy `db`, and its toxics. */
function withDb(test: (ask: Ask, rig: ToxiproxyRig) => Promise<void>): Promise<void> {
  return withToxiproxy(silent, async (rig) => {
    await rig.ask('POST /proxies', { name: 'db', upstream: rig.upstream });
    await test(rig.ask, rig);
  });
}

const LATENCY = { latency: 0, jitter: 0 };

describe('the toxics of Toxiproxy’s API', () => {
  it('are none at first', () =>
    withDb(async (ask) => {
      const told = await ask('GET /proxies/db/toxics');
      expect([told.status, told.text]).to.deep.equal([200, '[]']);
    }));

  it('are added with 200, and told with all that was left out', () =>
    withDb(async (ask) => {
      const added = await ask('POST /proxies/db/toxics', { type: 'latency' });
      expect(added.status).to.equal(200);
      expect(added.text).to.equal(JSON.stringify(toxicOf('latency', LATENCY)));
      expect((await ask('GET /proxies/db/toxics/latency_downstream')).text).to.equal(added.text);
      expect((await ask('GET /proxies/db/toxics')).text).to.equal(`[${added.text}]`);
      expect((await ask('GET /proxies/db')).body).to.have.deep.property('toxics', [
        toxicOf('latency', LATENCY),
      ]);
    }));

  it('are named by their type and stream unless said, the stream as it was typed', () =>
    withDb(async (ask) => {
      for (const [sent, told] of [
        [{ stream: 'Upstream' }, { name: 'noop_Upstream', stream: 'Upstream' }],
        [
          { stream: 'DOWNSTREAM', name: '' },
          { name: 'noop_DOWNSTREAM', stream: 'DOWNSTREAM' },
        ],
        [{ stream: null, name: null, toxicity: null, attributes: null }, {}],
        [
          { name: 'mine', toxicity: 0.25, attributes: { x: 'y' } },
          { name: 'mine', toxicity: 0.25 },
        ],
      ] as const) {
        const { body } = await ask('POST /proxies/db/toxics', { type: 'noop', ...sent });
        expect(body).to.deep.equal(toxicOf('noop', {}, told));
      }
    }));

  it('are told upstream first, each way in the order in which they came', () =>
    withDb(async (ask) => {
      const add = (name: string, stream: string) =>
        ask('POST /proxies/db/toxics', { type: 'noop', name, stream });
      await add('d1', 'downstream');
      await add('u1', 'upstream');
      await add('d2', 'downstream');
      await add('u2', 'UPSTREAM');
      await ask('PATCH /proxies/db/toxics/d1', { toxicity: 0.5 });
      const { body } = await ask('GET /proxies/db/toxics');
      const names = (body as { name: string }[]).map(({ name }) => name);
      expect(names).to.deep.equal(['u1', 'u2', 'd1', 'd2']);
      const { body: db } = await ask('GET /proxies/db');
      expect((db as { toxics: unknown }).toxics).to.deep.equal(body);
    }));

  for (const method of ['PATCH', 'POST']) {
    it(`are changed by ${method}: their attributes key by key, and their toxicity, and no more`, () =>
      withDb(async (ask) => {
        const attributes = { latency: 100, jitter: 10 };
        await ask('POST /proxies/db/toxics', { type: 'latency', attributes, toxicity: 0.5 });
        const path = '/proxies/db/toxics/latency_downstream';
        const change = (body: unknown) => ask(`${method} ${path}`, body);
        const told = await change({ attributes: { jitter: 5, other: 1 }, latency: 7, jitter: 8 });
        expect([told.status, told.body]).to.deep.equal([
          200,
          toxicOf('latency', { latency: 100, jitter: 5 }, { toxicity: 0.5 }),
        ]);
        const names = { name: 'x', type: 'timeout', stream: 'upstream' };
        expect((await change({ ...names, toxicity: 0 })).body).to.deep.equal(
          toxicOf('latency', { latency: 100, jitter: 5 }, { toxicity: 0 }),
        );
        for (const nothing of [{}, null, { attributes: null }, { attributes: { latency: null } }])
          expect((await change(nothing)).body).to.have.property('toxicity', 0);
        expect((await ask(`GET ${path}`)).body).to.deep.equal(
          toxicOf('latency', { latency: 100, jitter: 5 }, { toxicity: 0 }),
        );
      }));
  }

  it('are removed with 204', () =>
    withDb(async (ask) => {
      await ask('POST /proxies/db/toxics', { type: 'latency' });
      const told = await ask('DELETE /proxies/db/toxics/latency_downstream');
      expect([told.status, told.text]).to.deep.equal([204, '']);
      expect((await ask('GET /proxies/db/toxics')).text).to.equal('[]');
      refused(await ask('DELETE /proxies/db/toxics/latency_downstream'), 404, 'toxic not found');
    }));

  it('that are not there are 404, before the body is looked at', () =>
    withDb(async (ask) => {
      for (const method of ['GET', 'PATCH', 'POST', 'DELETE']) {
        refused(await ask(`${method} /proxies/db/toxics/no`, '{'), 404, 'toxic not found');
        refused(await ask(`${method} /proxies/no/toxics/no`, '{'), 404, 'proxy not found');
      }
    }));

  it('are checked in the order of Toxiproxy: body, stream, type, name, attributes', () =>
    withDb(async (ask) => {
      const add = (body?: unknown) => ask('POST /proxies/db/toxics', body);
      await add({ type: 'noop', name: 'taken' });
      const wrong = { stream: 'x', type: 'y', name: 'taken', attributes: { latency: 'z' } };
      refused(await add(), 400, 'bad request body: EOF');
      refused(await add('{'), 400, /^bad request body: /);
      refused(
        await add({ ...wrong, name: 5 }),
        400,
        'bad request body: name: expected text, got 5',
      );
      const stream = 'stream was invalid, can be either upstream or downstream';
      refused(await add(wrong), 400, stream);
      refused(await add({ ...wrong, stream: '' }), 400, stream);
      refused(await add({ ...wrong, stream: 'upstream' }), 400, 'invalid toxic type');
      const known = { ...wrong, stream: 'upstream', type: 'latency' };
      refused(await add(known), 409, 'toxic already exists');
      refused(
        await add({ ...known, name: 'free' }),
        400,
        'bad request body: attributes.latency: expected a number, got "z"',
      );
      refused(await add({ stream: 'upstream' }), 400, 'invalid toxic type');
      refused(await add({ type: 'noop', name: 'a/b' }), 400, /body: name: expected 1 to 128/);
      expect((await ask('GET /proxies/db/toxics')).body).to.have.length(1);
    }));

  const wrong: readonly [string, object, RegExp][] = [
    [
      'latency',
      { attributes: { latency: -1 } },
      /attributes\.latency: expected .* from 0 .*got -1$/,
    ],
    ['latency', { attributes: { latency: 1.5 } }, /attributes\.latency: .*got 1\.5$/],
    ['latency', { attributes: { jitter: -5 } }, /attributes\.jitter: .*got -5$/],
    [
      'latency',
      { attributes: { latency: 2 ** 53 } },
      /attributes\.latency: .*got 9007199254740992$/,
    ],
    [
      'latency',
      { attributes: { latency: true } },
      /attributes\.latency: expected a number, got true$/,
    ],
    ['latency', { attributes: [] }, /attributes: expected an object, got \[\]$/],
    ['bandwidth', { attributes: { rate: -1 } }, /attributes\.rate: .*got -1$/],
    ['slow_close', { attributes: { delay: -1 } }, /attributes\.delay: .*got -1$/],
    ['timeout', { attributes: { timeout: -1 } }, /attributes\.timeout: .*got -1$/],
    ['reset_peer', { attributes: { timeout: 0.5 } }, /attributes\.timeout: .*got 0\.5$/],
    ['limit_data', { attributes: { bytes: -1 } }, /attributes\.bytes: .*got -1$/],
    ['slicer', {}, /attributes\.average_size: expected a whole number from 1 .*got 0$/],
    [
      'slicer',
      { attributes: { average_size: 5, size_variation: 5 } },
      /attributes\.size_variation: expected less than average_size, which is 5, got 5$/,
    ],
    ['noop', { toxicity: 7 }, /toxicity: expected a share from 0 to 1, got 7$/],
    ['noop', { toxicity: -0.1 }, /toxicity: .*got -0\.1$/],
    ['noop', { toxicity: '1' }, /toxicity: expected a number, got "1"$/],
  ];
  for (const [type, more, message] of wrong) {
    it(`are not added, nor changed, with ${type} ${JSON.stringify(more)}`, () =>
      withDb(async (ask) => {
        refused(await ask('POST /proxies/db/toxics', { type, ...more }), 400, message);
        expect((await ask('GET /proxies/db/toxics')).text).to.equal('[]');
        const attributes = type === 'slicer' ? { average_size: 5 } : {};
        const added = await ask('POST /proxies/db/toxics', { type, attributes });
        if (type === 'slicer' && !('attributes' in more)) return;
        // What comes first in it is right: it is whole or not at all.
        const half = { toxicity: 0.1, ...more };
        const told = await ask(`PATCH /proxies/db/toxics/${type}_downstream`, half);
        refused(told, 400, message);
        expect((await ask('GET /proxies/db/toxics')).text).to.equal(`[${added.text}]`);
      }));
  }

  it('keep the first of two attributes when the second is wrong', () =>
    withDb(async (ask) => {
      await ask('POST /proxies/db/toxics', { type: 'latency' });
      const path = '/proxies/db/toxics/latency_downstream';
      refused(
        await ask(`PATCH ${path}`, { attributes: { latency: 77, jitter: 'x' } }),
        400,
        'bad request body: attributes.jitter: expected a number, got "x"',
      );
      expect((await ask(`GET ${path}`)).body).to.have.deep.property('attributes', LATENCY);
    }));
});
