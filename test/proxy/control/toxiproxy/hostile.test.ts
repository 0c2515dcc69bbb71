import { connect } from 'node:net';
import { expect } from 'chai';
import { silent, toxicOf, withToxiproxy, type ToxiproxyRig } from './with-toxiproxy.ts';

const DEEP = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
const LARGE = `{"name":"x"${' '.repeat(3_000_000)}}`;
const BODIES: readonly [string, string, number][] = [
  ['a key __proto__', '{"name":"x","upstream":"a:1","__proto__":{"enabled":false}}', 400],
  ['a key __proto__ further in', '{"attributes":{"__proto__":{"latency":1}}}', 400],
  ['a key twice', '{"name":"x","upstream":"a:1","attributes":{"a":1,"a":2},"name":"y"}', 400],
  ['too deep a body', `{"name":"x","upstream":"a:1","attributes":${DEEP}}`, 400],
  ['too large a body', LARGE, 413],
  ['half a body', '{"name":"x"', 400],
  ['two bodies', '{"name":"x"}{"name":"y"}', 400],
  ['text', 'hello', 400],
  ['a number', '5', 400],
  ['a word', '"x"', 400],
  ['bytes that are no text', '\u0000\u0001\u0002', 400],
  ['no body', '', 400],
  ['only white space', ' \r\n\t ', 400],
];
const LINES = [
  'POST /proxies',
  'PATCH /proxies/db',
  'POST /proxies/db',
  'POST /proxies/db/toxics',
  'PATCH /proxies/db/toxics/latency_downstream',
  'POST /proxies/db/toxics/latency_downstream',
  'POST /populate',
];

/** A proxy with a toxic, which are as they were afterwards. */
function unharmed(test: (rig: ToxiproxyRig) => Promise<void>): Promise<void> {
  return withToxiproxy(silent, async (rig) => {
    const { ask, upstream, pair } = rig;
    const { body: made } = await ask('POST /proxies', { name: 'db', upstream });
    await ask('POST /proxies/db/toxics', { type: 'latency' });
    const before = (await ask('GET /proxies')).text;
    await test(rig);
    expect((await ask('GET /proxies')).text).to.equal(before);
    expect({}).not.to.have.property('latency');
    await pair(made);
  });
}

describe('the routes of Toxiproxy', () => {
  for (const [what, body, status] of BODIES) {
    it(`refuse ${what} with ${status} and a reason, and nothing has changed`, () =>
      unharmed(async ({ ask }) => {
        for (const line of LINES) {
          const told = await ask(line, body);
          expect(told.status, line).to.equal(status);
          const { error, status: said } = told.body as { error: string; status: number };
          expect(error, line).to.match(/^bad request body: ./);
          expect(error.length).to.be.below(300);
          expect(said).to.equal(status);
        }
      }));
  }

  it('take neither strange paths nor strange methods for anything', () =>
    unharmed(async ({ ask }) => {
      for (const path of [
        '/proxies/%',
        '/proxies/%00',
        '/proxies/%ff%fe',
        '/proxies/..%2f..%2fversion',
        '/proxies/db/toxics/%2e%2e',
        '/proxies/__proto__',
        '/proxies/constructor/toxics/toString',
        '/proxies//toxics',
        `/proxies/${'x'.repeat(8000)}`,
      ]) {
        for (const method of ['GET', 'DELETE', 'PATCH', 'PROPFIND', 'LINK']) {
          const { status } = await ask(`${method} ${path}`);
          expect(status, `${method} ${path}`).to.be.oneOf([404, 405]);
        }
      }
    }));

  it('say of very long values only how they begin', () =>
    unharmed(async ({ ask }) => {
      const long = 'x'.repeat(500_000);
      for (const [line, body] of [
        ['POST /proxies', { name: long, upstream: 'a:1' }],
        ['POST /proxies', { name: 'x', upstream: long }],
        ['POST /proxies', { name: 'x', upstream: 'a:1', listen: long }],
        ['POST /proxies', { name: 'x', upstream: 'a:1', listen: `${long}:1` }],
        ['POST /proxies/db/toxics', { type: 'noop', name: long }],
        ['POST /proxies/db/toxics', { type: long }],
        ['POST /proxies/db/toxics', { type: 'latency', name: 'l', attributes: { latency: long } }],
      ] as const) {
        const told = await ask(line, body);
        expect(told.status).to.be.oneOf([400, 500]);
        expect(told.text.length).to.be.below(400);
      }
    }));

  it('outlive a client that leaves while it sends', () =>
    unharmed(async ({ ask, url }) => {
      const { hostname, port } = new URL(url);
      for (const half of [
        'POST /proxies HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{"name":',
        'POST /populate HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n[',
        'PATCH /proxies/db HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\n',
      ]) {
        const socket = connect({ host: hostname, port: Number(port) });
        socket.write(half, () => socket.resetAndDestroy());
        await new Promise((resolve) => socket.once('close', resolve));
        expect((await ask('GET /version')).status).to.equal(200);
      }
    }));

  it('take numbers as far as they are exact', () =>
    unharmed(async ({ ask }) => {
      const path = '/proxies/db/toxics/latency_downstream';
      const change = (written: string) =>
        ask(`PATCH ${path}`, `{"attributes":{"latency":${written}}}`);
      for (const wrong of ['9007199254740993', '9223372036854775808', '1e400', '-1', '1.5', '1e-3'])
        expect((await change(wrong)).status, wrong).to.equal(400);
      expect((await change('9007199254740991')).body).to.deep.equal(
        toxicOf('latency', { latency: 9007199254740991, jitter: 0 }),
      );
      expect((await change('0')).status).to.equal(200);
    }));
});
