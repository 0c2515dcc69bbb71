import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../../../src/common/server.ts';
import { refused, silent, toxicOf, withToxiproxy } from './with-toxiproxy.ts';

describe('the proxies of Toxiproxy’s API', () => {
  it('are none at first', () =>
    withToxiproxy(silent, async ({ ask }) => {
      const told = await ask('GET /proxies');
      expect(told.status).to.equal(200);
      expect(told.text).to.equal('{}');
      expect(told.headers).to.include({ 'content-type': 'application/json' });
    }));

  it('are created with 201, and told by name', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const made = await ask('POST /proxies', { name: 'db', upstream, listen: 'localhost:0' });
      expect(made.status).to.equal(201);
      expect(made.headers).to.include({ 'content-type': 'application/json' });
      expect(made.headers['x-toxiproxy-request-id']).to.match(/^\w{20}$/);
      const { listen: listens } = made.body as { listen: string };
      expect(listens).to.match(/^127\.0\.0\.1:\d+$/);
      const view = { name: 'db', listen: listens, upstream, enabled: true, toxics: [] };
      expect(made.text).to.equal(JSON.stringify(view));
      expect((await ask('GET /proxies/db')).text).to.equal(made.text);
      expect((await ask('GET /proxies')).body).to.deep.equal({ db: view });
      const [client, server] = await pair(listens);
      client.send('ping');
      server.send('pong');
      await Promise.all([client.until((t) => t === 'pong'), server.until((t) => t === 'ping')]);
    }));

  it('listen on a random port of every address where none is given', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      for (const [name, given] of [
        ['a', {}],
        ['b', { listen: '' }],
        ['c', { listen: null }],
        ['d', { listen: ':0' }],
      ] as const) {
        const { body } = await ask('POST /proxies', { name, upstream, ...given });
        expect((body as { listen: string }).listen).to.match(/^(\[::\]|0\.0\.0\.0):[1-9]\d+$/);
        await pair((body as { listen: string }).listen);
      }
    }));

  it('are created with their toxics, and with fields that nobody knows', () =>
    withToxiproxy(silent, async ({ ask, upstream }) => {
      const toxics = [{ type: 'latency', attributes: { latency: 5, unknown: 'x' } }];
      const body = { name: 'db', upstream, listen: '127.0.0.1:0', toxics, Logger: {}, extra: [1] };
      expect((await ask('POST /proxies', body)).body).to.have.deep.property('toxics', [
        toxicOf('latency', { latency: 5, jitter: 0 }),
      ]);
    }));

  it('are created disabled, whatever their addresses are', () =>
    withToxiproxy(silent, async ({ ask }) => {
      const given = { name: 'later', listen: 'no address', upstream: 'none', enabled: false };
      const told = await ask('POST /proxies', given);
      expect(told.status).to.equal(201);
      expect(told.body).to.deep.equal({ ...given, toxics: [] });
      refused(await ask('PATCH /proxies/later', { enabled: true }), 400, /upstream: .*"none"/);
      const half = { enabled: true, upstream: '127.0.0.1:1' };
      refused(
        await ask('PATCH /proxies/later', half),
        500,
        'listen tcp: address no address: missing port in address',
      );
      expect((await ask('GET /proxies/later')).body).to.deep.equal({ ...given, toxics: [] });
    }));

  it('take their body whatever its type is said to be', () =>
    withToxiproxy(silent, async ({ ask, upstream }) => {
      const types = ['text/plain', 'application/x-www-form-urlencoded', 'x; charset=ISO-8859-1'];
      for (const [i, type] of types.entries()) {
        const made = await ask(
          'POST /proxies',
          { name: `p${i}`, upstream },
          { 'content-type': type },
        );
        expect(made.status).to.equal(201);
      }
    }));

  it('are not created twice, nor without what they need, nor where a port is taken', () =>
    withToxiproxy(silent, async ({ ask, upstream }) => {
      await ask('POST /proxies', { name: 'db', upstream });
      const other = await listen(createServer());
      const before = (await ask('GET /proxies')).text;
      const create = (body?: unknown) => ask('POST /proxies', body);
      refused(await create({ name: 'db', upstream }), 409, 'proxy already exists');
      refused(await create({ upstream }), 400, 'missing required field: name');
      refused(await create({ name: '', upstream }), 400, 'missing required field: name');
      refused(await create({ name: 'x' }), 400, 'missing required field: upstream');
      refused(await create(null), 400, 'missing required field: name');
      refused(await create(), 400, 'bad request body: EOF');
      refused(await create('{"name":'), 400, /^bad request body: /);
      refused(await create('[]'), 400, 'bad request body: expected an object, got []');
      refused(await create({ name: 5 }), 400, 'bad request body: name: expected text, got 5');
      refused(await create({ name: 'x', enabled: 'no' }), 400, /body: enabled: expected true or/);
      refused(await create({ name: 'x', upstream: 'none' }), 400, /upstream: expected host:port/);
      refused(await create({ name: 'x', upstream: 'http://a:1' }), 400, /upstream: expected/);
      refused(await create({ name: 'x', upstream: 'a:99999' }), 400, /upstream: expected/);
      const taken = `127.0.0.1:${other.port}`;
      refused(
        await create({ name: 'x', upstream, listen: taken }),
        500,
        `listen tcp ${taken}: bind: address already in use`,
      );
      for (const [listens, why] of [
        ['nowhere', ': address nowhere: missing port in address'],
        ['a:b:c', ': address a:b:c: too many colons in address'],
        ['127.0.0.1:99999', ': address 99999: invalid port'],
        ['192.0.2.1:8000', ' 192.0.2.1:8000: bind: cannot assign requested address'],
      ] as const) {
        refused(await create({ name: 'x', upstream, listen: listens }), 500, `listen tcp${why}`);
      }
      refused(
        await create({ name: 'x', upstream, listen: 'no-such-host.invalid:80' }),
        500,
        /^listen tcp: lookup no-such-host\.invalid: ./,
      );
      refused(
        await create({ name: 'x', upstream, toxics: [{ type: 'bandwidth' }, { type: 'nope' }] }),
        400,
        'bad request body: toxics.1.type: invalid toxic type',
      );
      expect((await ask('GET /proxies')).text).to.equal(before);
      await other[Symbol.asyncDispose]();
    }));

  const names = ['a/b', '.', '..', 'a\nb', 'caf\u00e9', '\u{1f600}', 'a\u0000', 'x'.repeat(129)];
  for (const name of names) {
    it(`do not have the name ${JSON.stringify(name.slice(0, 10))}`, () =>
      withToxiproxy(silent, async ({ ask, upstream }) => {
        refused(await ask('POST /proxies', { name, upstream }), 400, /body: name: expected 1 to/);
        expect((await ask('GET /proxies')).text).to.equal('{}');
      }));
  }

  for (const name of ['__proto__', 'constructor', 'a b%2F', 'x'.repeat(128), '?#&=', 'r1']) {
    it(`may have the name ${JSON.stringify(name.slice(0, 10))}`, () =>
      withToxiproxy(silent, async ({ ask, upstream, pair }) => {
        const made = await ask('POST /proxies', { name, upstream });
        expect(made.status).to.equal(201);
        const path = `/proxies/${encodeURIComponent(name)}`;
        expect((await ask(`GET ${path}`)).text).to.equal(made.text);
        expect((await ask(`POST ${path}/toxics`, { type: 'noop' })).status).to.equal(200);
        expect((await ask('GET /proxies')).text).to.include(`{${JSON.stringify(name)}:{"name"`);
        await pair(made.body);
        expect((await ask(`DELETE ${path}`)).status).to.equal(204);
        expect((await ask('GET /proxies')).text).to.equal('{}');
      }));
  }

  it('that are not there are 404, before the body is looked at', () =>
    withToxiproxy(silent, async ({ ask }) => {
      for (const line of ['GET', 'PATCH', 'POST', 'DELETE'])
        refused(await ask(`${line} /proxies/no`, line === 'GET' ? undefined : '{'), 404, NO_PROXY);
      refused(await ask('GET /proxies/no/toxics'), 404, NO_PROXY);
      refused(await ask('POST /proxies/no/toxics', '{'), 404, NO_PROXY);
      refused(await ask('PATCH /proxies/%ff/toxics/x'), 404, NO_PROXY);
    }));

  it('answer a method that they do not have by 405 without a body', () =>
    withToxiproxy(silent, async ({ ask }) => {
      for (const path of ['/proxies', '/proxies/a', '/proxies/a/toxics', '/proxies/a/toxics/b']) {
        for (const method of ['PUT', 'HEAD', 'OPTIONS']) {
          const told = await ask(`${method} ${path}`);
          expect([told.status, told.text]).to.deep.equal([405, '']);
          expect(told.headers['x-toxiproxy-request-id']).to.match(/^\w{20}$/);
        }
      }
      const { headers } = await ask('PUT /proxies/a');
      expect(headers).to.include({ allow: 'GET, PATCH, POST, DELETE' });
      for (const line of ['GET /populate', 'GET /reset', 'POST /version', 'DELETE /proxies'])
        expect((await ask(line)).status, line).to.equal(405);
    }));

  it('answer a path that there is not by 404, and leave those of others alone', () =>
    withToxiproxy(silent, async ({ ask }) => {
      for (const path of ['/proxies/', '/proxies/a/b', '/proxies/a/toxics/b/c', '/version/1']) {
        const told = await ask(`GET ${path}`);
        expect([told.status, told.text]).to.deep.equal([404, '404 page not found\n']);
        expect(told.headers).to.include({ 'content-type': 'text/plain; charset=utf-8' });
      }
      const ours = await ask('GET /proxy');
      expect(ours.body).to.have.property('status', 404);
      expect(ours.headers).not.to.have.property('x-toxiproxy-request-id');
    }));

  it('refuse browsers, on their own routes only', () =>
    withToxiproxy(silent, async ({ ask }) => {
      const browser = { 'user-agent': 'Mozilla/5.0 (X11)' };
      for (const line of ['GET /proxies', 'POST /reset', 'GET /version', 'PUT /proxies/x/y/z']) {
        const told = await ask(line, undefined, browser);
        expect([told.status, told.text]).to.deep.equal([403, 'User agent not allowed\n']);
        expect(told.headers['x-toxiproxy-request-id']).to.match(/^\w{20}$/);
      }
      expect((await ask('GET /v1', undefined, browser)).status).to.equal(200);
    }));

  it('tell a version by which clients choose to PATCH', () =>
    withToxiproxy(silent, async ({ ask, client }) => {
      const told = await ask('GET /version');
      expect([told.status, told.text]).to.deep.equal([200, '{"version": "2.12.0"}\n']);
      expect(told.headers['content-type']).to.equal('application/json;charset=utf-8');
      expect(await client.getVersion()).to.equal(told.text);
    }));
});

const NO_PROXY = 'proxy not found';
