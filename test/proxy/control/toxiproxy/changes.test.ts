import { createServer } from 'node:net';
import { expect } from 'chai';
import { listen } from '../../../../src/common/server.ts';
import { echo, refused, silent, toxicOf, withToxiproxy } from './with-toxiproxy.ts';

interface View {
  readonly name: string;
  readonly listen: string;
}

describe('a proxy of Toxiproxy’s API', () => {
  for (const method of ['PATCH', 'POST']) {
    it(`is disabled and enabled by ${method}: the port is closed, and then the same one is open`, () =>
      withToxiproxy(echo, async ({ ask, upstream, dial, pair }) => {
        const { body: made } = await ask('POST /proxies', { name: 'db', upstream });
        await ask('POST /proxies/db/toxics', { type: 'latency' });
        const [client, server] = await pair(made);
        const off = await ask(`${method} /proxies/db`, { enabled: false });
        expect([off.status, off.body]).to.deep.equal([
          200,
          { ...(made as object), enabled: false, toxics: [toxicOf('latency', NO_LATENCY)] },
        ]);
        expect(await dial(made).ended).to.equal('refused');
        expect(await client.ended).to.equal('rst');
        await server.ended;
        expect((await ask('GET /proxies')).body).to.have.nested.property('db.enabled', false);
        expect((await ask('GET /v1')).body).to.have.deep.property('upstreams', [
          {
            name: 'db',
            target: `tcp://${upstream}`,
            protocol: 'tcp',
            tls: false,
            calls: {},
            enabled: false,
          },
        ]);
        // Again, and nothing is changed.
        expect((await ask(`${method} /proxies/db`, { enabled: false })).text).to.equal(off.text);
        const on = await ask(`${method} /proxies/db`, { enabled: true });
        expect(on.body).to.deep.equal({ ...(off.body as object), enabled: true });
        const again = dial(made);
        again.send('ping');
        expect(await again.until((text) => text === 'ping')).to.equal(undefined);
      }));
  }

  it('keeps what it is told nothing of, and its name', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const made = await ask('POST /proxies', { name: 'db', upstream });
      const [client, server] = await pair(made.body);
      for (const body of [
        {},
        null,
        { name: 'other' },
        { enabled: true },
        { listen: null, upstream: null, enabled: null },
        { toxics: [{ type: 'latency' }], Logger: {} },
        made.body as object,
      ]) {
        const told = await ask('PATCH /proxies/db', body);
        expect([told.status, told.text]).to.deep.equal([200, made.text]);
      }
      // What is open has gone on.
      server.send('still');
      expect(await client.until((text) => text === 'still')).to.equal(undefined);
    }));

  it('goes on where its address is written otherwise', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const given = { name: 'db', upstream, listen: 'localhost:0' };
      const made = await ask('POST /proxies', given);
      const port = (made.body as View).listen.split(':').at(-1);
      const [client, server] = await pair(made.body);
      const told = await ask('PATCH /proxies/db', { listen: `localhost:${port}` });
      expect(told.text).to.equal(made.text);
      server.send('still');
      expect(await client.until((text) => text === 'still')).to.equal(undefined);
    }));

  it('stands before another upstream when it is told to, and what was open ends', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair, dial }) => {
      const other = await listen(createServer((socket) => void socket.end('other')));
      const { body: made } = await ask('POST /proxies', { name: 'db', upstream });
      const [client] = await pair(made);
      const told = await ask('PATCH /proxies/db', { upstream: `localhost:${other.port}` });
      expect(told.body).to.deep.equal({ ...(made as object), upstream: `localhost:${other.port}` });
      expect(await client.ended).to.equal('rst');
      const next = dial(made);
      expect(await next.until((text) => text === 'other')).to.equal(undefined);
      await other[Symbol.asyncDispose]();
    }));

  it('listens elsewhere when it is told to, and no longer where it did', () =>
    withToxiproxy(echo, async ({ ask, upstream, dial, pair }) => {
      const { body: made } = await ask('POST /proxies', { name: 'db', upstream });
      const { body: moved } = await ask('PATCH /proxies/db', { listen: '127.0.0.1:0' });
      expect((moved as View).listen).to.match(/^127\.0\.0\.1:[1-9]/);
      await pair(moved);
      expect(await dial(made).ended).to.equal('refused');
      // The same port at another address: it cannot be had before the old one is given up.
      const port = (moved as View).listen.split(':').at(-1);
      const { body: everywhere } = await ask('PATCH /proxies/db', { listen: `0.0.0.0:${port}` });
      expect((everywhere as View).listen).to.equal(`0.0.0.0:${port}`);
      await pair(`127.0.0.2:${port}`);
    }));

  it('stays what and where it was when it cannot be changed', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const made = await ask('POST /proxies', { name: 'db', upstream, listen: '127.0.0.1:0' });
      const other = await listen(createServer());
      const [client, server] = await pair(made.body);
      const change = (body?: unknown) => ask('PATCH /proxies/db', body);
      const taken = `127.0.0.1:${other.port}`;
      refused(
        await change({ listen: taken, enabled: true }),
        500,
        `listen tcp ${taken}: bind: address already in use`,
      );
      refused(await change({ listen: 'x' }), 500, /^listen tcp: address x: missing port/);
      refused(await change({ upstream: 'x' }), 400, /^bad request body: upstream: expected host/);
      refused(await change({ upstream: '' }), 400, 'missing required field: upstream');
      refused(await change({ enabled: 1 }), 400, /enabled: expected true or false, got 1$/);
      refused(await change({ listen: taken, upstream: 7 }), 400, /upstream: expected text, got 7$/);
      refused(await change(), 400, 'bad request body: EOF');
      refused(await change('{"enabled":false'), 400, /^bad request body: /);
      expect((await ask('GET /proxies/db')).text).to.equal(made.text);
      server.send('still');
      expect(await client.until((text) => text === 'still')).to.equal(undefined);
      await other[Symbol.asyncDispose]();
    }));

  it('opens where it was, when the same port cannot be had at another address', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const made = await ask('POST /proxies', { name: 'db', upstream, listen: '127.0.0.1:0' });
      const port = (made.body as View).listen.split(':').at(-1);
      const other = await listen(createServer(), Number(port), '127.0.0.2');
      refused(
        await ask('PATCH /proxies/db', { listen: `127.0.0.2:${port}` }),
        500,
        `listen tcp 127.0.0.2:${port}: bind: address already in use`,
      );
      expect((await ask('GET /proxies/db')).text).to.equal(made.text);
      await pair(made.body);
      await other[Symbol.asyncDispose]();
    }));

  it('stays disabled where its port was taken meanwhile', () =>
    withToxiproxy(silent, async ({ ask, upstream, pair }) => {
      const { body: made } = await ask('POST /proxies', {
        name: 'db',
        upstream,
        listen: '127.0.0.1:0',
      });
      await ask('PATCH /proxies/db', { enabled: false });
      const port = Number((made as View).listen.split(':').at(-1));
      const other = await listen(createServer(), port);
      refused(
        await ask('PATCH /proxies/db', { enabled: true }),
        500,
        /bind: address already in use$/,
      );
      expect((await ask('GET /proxies/db')).body).to.have.property('enabled', false);
      await other[Symbol.asyncDispose]();
      expect((await ask('PATCH /proxies/db', { enabled: true })).status).to.equal(200);
      await pair(made);
    }));

  it('is deleted with 204: the port is closed, its rules are lifted, and its name is free', () =>
    withToxiproxy(silent, async ({ ask, upstream, dial, pair, proxy }) => {
      const { body: made } = await ask('POST /proxies', { name: 'db', upstream });
      await ask('POST /proxies/db/toxics', { type: 'latency' });
      await proxy.control.add([{ on: 'db', inject: 'refuse', trigger: { after: '1h' } }]);
      const [client] = await pair(made);
      const told = await ask('DELETE /proxies/db');
      expect([told.status, told.text]).to.deep.equal([204, '']);
      expect(await client.ended).to.equal('rst');
      expect(await dial(made).ended).to.equal('refused');
      expect(await proxy.control.rules()).to.deep.equal([]);
      refused(await ask('GET /proxies/db'), 404, 'proxy not found');
      refused(await ask('DELETE /proxies/db'), 404, 'proxy not found');
      const error = await proxy.control.add([{ on: 'db', inject: 'reset' }]).catch(String);
      expect(error).to.match(/unknown upstream or call "db"/);
      // The name may mean something else now.
      await using opened = await proxy.open({ name: 'db', target: `http://${upstream}` });
      expect(opened.url).to.match(/^http:/);
    }));

  it('is deleted while it is disabled', () =>
    withToxiproxy(silent, async ({ ask, proxy }) => {
      await ask('POST /proxies', { name: 'db', upstream: 'x', enabled: false });
      expect((await ask('DELETE /proxies/db')).status).to.equal(204);
      expect((await ask('GET /proxies')).text).to.equal('{}');
      expect(proxy.reserved).to.deep.equal([]);
    }));
});

const NO_LATENCY = { latency: 0, jitter: 0 };
