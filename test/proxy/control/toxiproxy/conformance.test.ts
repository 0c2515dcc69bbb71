import { expect } from 'chai';
import { TOXICS } from '../../../../src/proxy/toxiproxy/toxic-spec.ts';
import { echo, refused, silent, withToxiproxy } from './with-toxiproxy.ts';

for (const toxic of TOXICS.values()) {
  const { type, summary, attributes } = toxic;
  const least = Object.fromEntries(
    Object.entries(attributes).map(([name, { min = 0 }]) => [name, min]),
  );

  describe(`the toxic ${type}`, () => {
    it('explains itself and each of its attributes', () => {
      expect(type).to.match(/^[a-z]+(_[a-z]+)*$/);
      expect(summary).to.match(/^\S.{9,}\S$/);
      for (const [name, { description, unit }] of Object.entries(attributes)) {
        expect(name).to.match(/^[a-z]+(_[a-z]+)*$/);
        expect(description).to.match(/^\S.{5,}\S$/);
        expect(unit).to.be.oneOf(['ms', 'µs', 'bytes', 'KB/s']);
      }
    });

    for (const stream of ['upstream', 'downstream']) {
      it(`is added ${stream}, told, shown as a rule on connections, and removed`, () =>
        withToxiproxy(silent, async ({ ask, upstream, proxy }) => {
          await ask('POST /proxies', { name: 'db', upstream });
          const sent = { type, stream, attributes: least };
          const { body: told } = await ask('POST /proxies/db/toxics', sent);
          const name = `${type}_${stream}`;
          expect(told).to.deep.equal({ ...sent, name, toxicity: 1 });
          const [rule] = await proxy.control.rules();
          expect(rule).to.include({ id: `db/${name}`, on: 'db', toxic: rule?.toxic });
          expect(rule?.toxic).to.deep.equal(told);
          for (const { stream: acts } of rule?.inject ?? [])
            expect(acts).to.equal(stream === 'upstream' ? 'up' : 'down');
          expect((await ask(`DELETE /proxies/db/toxics/${name}`)).status).to.equal(204);
          expect(await proxy.control.rules()).to.deep.equal([]);
        }));

      it(`does nothing ${stream} at toxicity 0, and nothing once it is removed`, () =>
        withToxiproxy(echo, async ({ ask, upstream, dial, proxy }) => {
          const { body: db } = await ask('POST /proxies', { name: 'db', upstream });
          const client = dial(db);
          const chat = async (word: string) => {
            client.send(word);
            expect(await client.until((text) => text.endsWith(word))).to.equal(undefined);
          };
          await chat('before');
          const sent = { type, stream, attributes: least, toxicity: 0 };
          expect((await ask('POST /proxies/db/toxics', sent)).status).to.equal(200);
          await chat('during');
          const other = dial(db);
          other.send('new');
          expect(await other.until((text) => text === 'new')).to.equal(undefined);
          await ask(`DELETE /proxies/db/toxics/${type}_${stream}`);
          await chat('after');
          const { entries } = await proxy.control.journal();
          expect(entries.flatMap(({ injected }) => injected)).to.deep.equal([]);
        }));

      it(`leaves new connections healthy once it is removed ${stream}`, () =>
        withToxiproxy(echo, async ({ ask, upstream, dial, pair }) => {
          const { body: db } = await ask('POST /proxies', { name: 'db', upstream });
          await ask('POST /proxies/db/toxics', { type, stream, attributes: least });
          const [hit] = await pair(db);
          hit.send('hit');
          await ask(`DELETE /proxies/db/toxics/${type}_${stream}`);
          const client = dial(db);
          client.send('ping');
          expect(await client.until((text) => text === 'ping')).to.equal(undefined);
        }));

      it(`is disposed of at once while it acts ${stream}`, () =>
        withToxiproxy(echo, async ({ ask, upstream, pair, proxy }) => {
          const { body: db } = await ask('POST /proxies', { name: 'db', upstream });
          const most = Object.fromEntries(
            Object.entries(attributes).map(([name, { unit, min = 0 }]) => [
              name,
              unit.endsWith('s') && unit !== 'bytes' ? 3_600_000 : Math.max(min, 1),
            ]),
          );
          const valid = toxic.check?.(most) ? least : most;
          await ask('POST /proxies/db/toxics', { type, stream, attributes: valid });
          const [client] = await pair(db);
          client.send('ping');
          client.finish();
          await proxy[Symbol.asyncDispose]();
          await client.ended;
        }));
    }

    for (const [name, { min = 0 }] of Object.entries(attributes)) {
      it(`keeps ${name} within its range`, () =>
        withToxiproxy(silent, async ({ ask, upstream }) => {
          await ask('POST /proxies', { name: 'db', upstream });
          const add = (value: unknown) =>
            ask('POST /proxies/db/toxics', { type, attributes: { ...least, [name]: value } });
          for (const value of [min - 1, -(2 ** 40), min + 0.5, 2 ** 53, 1e300, '1', true, [], {}])
            refused(await add(value), 400, new RegExp(`attributes\\.${name}: expected `));
          expect((await add(min)).status).to.equal(200);
        }));
    }
  });
}
