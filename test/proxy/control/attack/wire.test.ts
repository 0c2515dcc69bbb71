import { expect } from 'chai';
import { rawClient, type RawClient } from '../../../helpers/raw-client.ts';
import { HEADERS, smuggled } from './smuggled.ts';
import { withWorld, type Send } from './with-world.ts';

const SLOW = `POST /proxies HTTP/1.1\r\n${HEADERS}Content-Length: 5000\r\n\r\n{"name":"`;
const PROXY = { name: 'p', listen: '@1', upstream: '@A' };
const RULE = { on: 'stats', match: 'GET /never', inject: { status: 503 } };
const STRANGE_TARGETS = [
  '/proxies/%',
  '/proxies/%E0%A4%A',
  '/v1/rules/%',
  '/v1/rules/%ff',
  '/proxies/%00/toxics/%',
  '/proxies//toxics',
  '/proxies/a/toxics/',
  '//v1/rules/x',
  '/v1/rules/../../proxies/x',
  '/v1/../populate',
  'http://evil.example/nowhere',
  '*',
  `/proxies/${'x'.repeat(10_000)}`,
  `/${'a/'.repeat(4000)}`,
];

describe('the control port', function () {
  this.timeout(60_000);

  it('answers while 300 connections send their requests a byte at a time', () =>
    withWorld(async (send, { control }) => {
      const clients = Array.from({ length: 300 }, () => rawClient(control.url));
      for (const [i, client] of clients.entries())
        client.send(SLOW.slice(0, 1 + (i % SLOW.length)));
      for (let i = 0; i < 20; i++) {
        for (const client of clients) client.send('x');
        expect((await send('POST /proxies', PROXY)).status).to.equal(201);
        expect((await send('DELETE /proxies/p')).status).to.equal(204);
      }
      destroyAll(clients);
    }));

  it('goes on with others while a body does not come', () =>
    withWorld(async (send, { control }) => {
      const clients = ['/proxies', '/populate', '/v1/rules', '/v1/arm'].map((path) => {
        const client = rawClient(control.url);
        client.send(`POST ${path} HTTP/1.1\r\n${HEADERS}Content-Length: 1000\r\n\r\n{"name":`);
        return client;
      });
      expect((await send('POST /proxies', PROXY)).status).to.equal(201);
      expect((await send('POST /reset')).status).to.equal(204);
      expect((await send('DELETE /v1/rules')).status).to.equal(200);
      for (const client of clients) expect(client.text).to.equal('');
      destroyAll(clients);
    }));

  it('answers 200 pipelined changes in their order', () =>
    withWorld(async (send, { control }) => {
      const body = JSON.stringify({ rules: [RULE] });
      const add = `POST /v1/rules HTTP/1.1\r\n${HEADERS}Content-Length: ${body.length}\r\n\r\n${body}`;
      const client = rawClient(control.url);
      client.send(add.repeat(200));
      for (let i = 1; i <= 200; i++) {
        const answer = await client.answer();
        expect(answer).to.include({ status: 201 });
        expect(answer).to.have.property('body').that.includes(`"id":"r${i}"`);
      }
      client.destroy();
      expect((await send('DELETE /v1/rules')).body).to.deep.equal({ removed: 200 });
    }));

  it('answers who has ended its own side', () =>
    withWorld(async (_send, { control }) => {
      const client = rawClient(control.url);
      client.send(`GET /v1/rules HTTP/1.1\r\n${HEADERS}\r\n`);
      client.finish();
      expect(await client.answer()).to.include({ status: 200, body: '{"rules":[]}' });
      await client.ended;
      client.destroy();
    }));

  it('does nothing of a change that was cut short', () =>
    withWorld(async (send, { control }) => {
      await send('POST /v1/rules', { rules: [RULE] });
      const body = JSON.stringify([{ name: 'p', listen: '', upstream: '127.0.0.1:9' }]);
      const head = `POST /populate HTTP/1.1\r\n${HEADERS}Content-Length: ${body.length}\r\n\r\n`;
      const clients = Array.from({ length: 40 }, (_, i) => {
        const client = rawClient(control.url);
        client.send(`${head}${body.slice(0, -1 - (i % 5))}`);
        if (i % 2 === 0) client.finish();
        return client;
      });
      await send('GET /proxies');
      for (const [i, client] of clients.entries()) {
        if (i % 2 === 0) client.destroy();
        else client.reset();
      }
      await unchanged(send);
    }));

  for (const [what, text] of smuggled()) {
    it(`lets nothing be smuggled in by ${what}`, () =>
      withWorld(async (send, { control }) => {
        await send('POST /v1/rules', { rules: [RULE] });
        const client = rawClient(control.url);
        client.send(text);
        // What is behind a request that cannot be read is never read: the connection ends, or waits for more.
        const patience = setTimeout(() => client.destroy(), 300);
        await client.ended;
        clearTimeout(patience);
        client.destroy();
        await unchanged(send);
        expect(client.text).not.to.match(/^HTTP\/1\.1 (2|5(?!01))/);
      }));
  }

  for (const target of STRANGE_TARGETS) {
    it(`answers a strange target by a refusal: ${JSON.stringify(target.slice(0, 30))}`, () =>
      withWorld(async (send, { control }) => {
        for (const method of ['GET', 'PUT', 'DELETE', 'POST']) {
          const client = rawClient(control.url);
          client.send(`${method} ${target} HTTP/1.1\r\n${HEADERS}Connection: close\r\n\r\n`);
          await client.ended;
          client.destroy();
          const [, status = ''] = client.text.split(' ');
          expect(status, `${method}: ${client.text.slice(0, 300)}`).to.match(/^4\d\d$/);
        }
        await unchanged(send, 0);
      }));
  }

  it('survives heads, bodies and names that are too large', () =>
    withWorld(async (send, { control }) => {
      const client = rawClient(control.url);
      client.send(`GET /v1 HTTP/1.1\r\n${HEADERS}x: ${'x'.repeat(100_000)}\r\n\r\n`);
      await client.ended;
      client.destroy();
      expect(client.text).to.match(/^HTTP\/1\.1 431/);
      const huge = 'x'.repeat(1_500_000);
      for (const [line, body] of [
        ['POST /proxies', { name: huge, upstream: '@A' }],
        ['POST /populate', [{ name: huge, listen: '@1', upstream: '@A' }]],
        ['POST /v1/rules', { rules: [], run: huge }],
        ['POST /v1/arm', { rule: { ...RULE, on: huge } }],
      ] as const) {
        const { status } = await send(line, body);
        expect(status, line).to.be.oneOf([400, 413]);
      }
      const many = Array.from({ length: 20_000 }, () => 5);
      expect((await send('POST /populate', many)).status).to.equal(400);
      await unchanged(send, 0);
    }));

  it('is not reached through a proxy that is put before it', () =>
    withWorld(async (send, { control, addresses }) => {
      for (const host of ['127.0.0.1', 'localhost']) {
        const upstream = `${host}:${control.port}`;
        await send('POST /populate', [{ name: 'p', listen: '@1', upstream }]);
        for (const path of ['/v1', '/proxies', '/metrics']) {
          const client = rawClient(`tcp://${addresses['@1']}`);
          client.send(`GET ${path} HTTP/1.1\r\n${HEADERS}Connection: close\r\n\r\n`);
          await client.ended;
          client.destroy();
          expect(client.text.slice(9, 12), `${path} by ${host}`).to.equal('403');
        }
      }
    }));

  it('takes nobody for a connection of the proxy’s who only leaves from the same port', () =>
    withWorld(async (send, { control, addresses }) => {
      await send('POST /proxies', { name: 'p', listen: '@1', upstream: '@A' });
      // The system gives a port to several connections where they go to different places, if there are enough of them.
      const through = Array.from({ length: 600 }, () => rawClient(`tcp://${addresses['@1']}`));
      for (const client of through) await client.until((text) => text === 'A');
      for (let i = 0; i < 40; i++) {
        const clients = Array.from({ length: 40 }, () => rawClient(control.url));
        for (const client of clients) client.send(`GET /v1 HTTP/1.1\r\n${HEADERS}\r\n`);
        for (const client of clients) expect(await client.answer()).to.include({ status: 200 });
        destroyAll(clients);
      }
      destroyAll(through);
    }));

  it('answers nobody who pretends to be a page or another host', () =>
    withWorld(async (send, { control }) => {
      for (const path of [
        '/proxies',
        '/populate',
        '/reset',
        '/version',
        '/metrics',
        '/v1/events',
      ]) {
        for (const header of [
          'Host: evil.example',
          'Host: localhost\r\nOrigin: http://evil.example',
        ]) {
          const client = rawClient(control.url);
          const method = /populate|reset/.test(path) ? 'POST' : 'GET';
          client.send(`${method} ${path} HTTP/1.1\r\n${header}\r\nConnection: close\r\n\r\n`);
          await client.ended;
          client.destroy();
          expect(client.text.slice(9, 12), `${path} ${header}`).to.equal('403');
        }
      }
      await unchanged(send, 0);
    }));
});

/** Nothing stands but so many rules. */
async function unchanged(send: Send, rules = 1): Promise<void> {
  const listed = (await send('GET /proxies')).body as object;
  expect(Object.keys(listed)).to.deep.equal(['stats']);
  const { body } = await send('GET /v1/rules');
  expect(body).to.have.property('rules').that.has.length(rules);
}

function destroyAll(clients: readonly RawClient[]): void {
  for (const client of clients) client.destroy();
}
