import { expect } from 'chai';
import { createRandom } from '../../../../src/common/random.ts';
import { proxiesIn } from '../model/world.ts';
import { exchange, textFor, withWorld } from './with-world.ts';

const NAMES = [
  '__proto__',
  'constructor',
  'hasOwnProperty',
  'toString',
  'then',
  'r1',
  'a.r1',
  'stats.x',
  'never-called.x',
  ' ',
  'a b',
  'a/b',
  '/',
  '..',
  '.',
  '%2e',
  '%',
  'x?y=z#w',
  'toxics',
  'é😀',
  'a\nb',
  '\0',
  '"',
  '<script>',
  'x'.repeat(1000),
];

describe('a proxy with a strange name', function () {
  this.timeout(60_000);

  for (const name of NAMES) {
    const shown = JSON.stringify(name.slice(0, 20));
    it(`is refused, or works as any other: ${shown}`, () =>
      withWorld(async (send) => {
        const made = await send('POST /proxies', { name, listen: '@1', upstream: '@A' });
        expect(made.status, JSON.stringify(made.body)).to.be.oneOf([201, 400]);
        const path = `/proxies/${encodeURIComponent(name)}`;
        if (made.status === 201) {
          expect(proxiesIn(await send('GET /proxies')).has(name)).to.equal(true);
          expect((await send(`GET ${path}`)).body).to.deep.equal(made.body);
          const toxic = { name, type: 'limit_data', attributes: { bytes: 5 } };
          expect((await send(`POST ${path}/toxics`, toxic)).status).to.equal(200);
          const { listen } = made.body as { listen: string };
          const cut = await exchange(listen, textFor(false, createRandom('cut')), 10_000);
          expect(cut.whole).to.equal(false);
          const at = `${path}/toxics/${encodeURIComponent(name)}`;
          expect((await send(`PATCH ${at}`, { attributes: { bytes: 9 } })).status).to.equal(200);
          expect((await send(`DELETE ${at}`)).status).to.equal(204);
          const healed = await exchange(listen, textFor(false, createRandom('healed')), 10_000);
          expect(healed.whole).to.equal(true);
          expect((await send(`DELETE ${path}`)).status).to.equal(204);
        }
        expect([...proxiesIn(await send('GET /proxies')).keys()]).to.deep.equal(['stats']);
        expect((await send('GET /v1/rules')).body).to.deep.equal({ rules: [] });
        expect({}).not.to.have.property('listen');
      }));
  }

  it('is not taken for another whose toxic has the rest of the name', () =>
    withWorld(async (send) => {
      const pairs = [
        ['a/b', 'c'],
        ['a', 'b/c'],
      ] as const;
      const made: [proxy: string, toxic: string][] = [];
      for (const [i, [name, toxic]] of pairs.entries()) {
        const listen = `@${i + 1}`;
        const proxy = await send('POST /proxies', { name, listen, upstream: '@A' });
        if (proxy.status !== 201) continue;
        const path = `/proxies/${encodeURIComponent(name)}/toxics`;
        const added = await send(`POST ${path}`, { name: toxic, type: 'timeout' });
        if (added.status === 200) made.push([name, toxic]);
      }
      const shown = proxiesIn(await send('GET /proxies'));
      for (const [name, toxic] of made)
        expect(shown.get(name)?.toxics.map((one) => one.name)).to.deep.equal([toxic]);
      const { rules } = (await send('GET /v1/rules')).body as { rules: { id: string }[] };
      expect(new Set(rules.map(({ id }) => id)).size).to.equal(made.length);
      const [first] = made;
      if (!first) return;
      await send(`DELETE /proxies/${encodeURIComponent(first[0])}`);
      const { body } = await send('GET /v1/rules');
      expect(body)
        .to.have.property('rules')
        .that.has.length(made.length - 1);
    }));

  it('does not take the place of a call, or of a rule’s upstream', () =>
    withWorld(async (send, { stats }) => {
      const rule = { on: 'never-called', inject: { status: 503 } };
      await send('POST /v1/rules', { rules: [rule] });
      const made = await send('POST /proxies', {
        name: 'never-called',
        listen: '@1',
        upstream: '@A',
      });
      expect(made.status).to.be.oneOf([201, 400, 409]);
      const again = await send('POST /v1/rules', { rules: [rule] });
      if (made.status !== 201) expect(again.status).to.equal(201);
      const healthy = await exchange(stats, textFor(true, Math.random), 10_000);
      expect(healthy.whole).to.equal(true);
    }));
});
